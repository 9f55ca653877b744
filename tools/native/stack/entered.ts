/** What of a function's code runs when it is entered at a place: AVR's library shares ends. */
import type { CodeFunction } from "./disassembly.js";
import { isTransfer, type Machine } from "./machine.js";

/**
 * The function as it is entered at `address`, which lies in it.
 * @returns the function itself where the machine's jumps are not all seen
 */
export function enteredAt(whole: CodeFunction, address: number, machine: Machine): CodeFunction {
  const { flow } = machine;
  const { instructions } = whole;
  if (flow === undefined || instructions.some((instruction) => flow.hides(instruction)))
    return { ...whole, address, instructions: instructions.filter((one) => one.address >= address) };
  const places = new Map(instructions.map((instruction, index) => [instruction.address, index]));
  const live = new Set<number>();
  const waiting = [places.get(address)];
  while (waiting.length > 0) {
    const index = waiting.pop();
    const instruction = index === undefined ? undefined : instructions[index];
    if (index === undefined || instruction === undefined || live.has(index)) continue;
    live.add(index);
    if (isTransfer(instruction) && instruction.place !== null) waiting.push(places.get(instruction.place));
    const before = instructions[index - 1];
    if (!flow.ends(instruction) || (before !== undefined && flow.skips(before))) waiting.push(index + 1);
    // An instruction that is skipped.
    if (flow.skips(instruction)) waiting.push(index + 2);
  }
  return { ...whole, address, instructions: instructions.filter((_, index) => live.has(index)) };
}
