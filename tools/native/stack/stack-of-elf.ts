/** The stack that a program for a chip takes at most: from the linked file alone, by its machine code. */
import { CheckFailure } from "../../errors/user-error.js";
import { must } from "../../setup/build-tool.js";
import { CallChains, type CountedCalls, type DeepestChain } from "./deepest-chain.js";
import { type CodeFunction, readDisassembly } from "./disassembly.js";
import { isTransfer, type Machine, machineOf } from "./machine.js";

/** A program that was disassembled. */
export interface StackOfElf {
  readonly functions: readonly CodeFunction[];
  /** Bytes that a call itself puts on the stack. */
  readonly callBytes: number;
  /** The deepest chain from the function of that name. @throws CheckFailure when there is none */
  from(name: string): DeepestChain;
  /** The same, with the deepest interrupt on top of it: one at a time, none on another. */
  withInterrupts(name: string): DeepestChain;
  /** Bytes of a function's frame; null where a value decides. */
  frameOf(code: CodeFunction): number | null;
}

/** What is known of the program. */
export interface ElfFacts {
  readonly counted?: CountedCalls;
  /** The table of vectors, by its name: an object whose functions interrupts call. */
  readonly vectors?: string;
  /** The names of functions that interrupts call, where there is no such table. */
  readonly interrupts?: RegExp;
  /** Whether one function may call the other through a pointer; any may when not given. */
  readonly mayCall?: (from: CodeFunction, to: CodeFunction) => boolean;
}

/**
 * Reads the program.
 * @param objdump of the machine's binutils
 */
export async function stackOfElf(objdump: string, elf: string, facts: ElfFacts = {}): Promise<StackOfElf> {
  const text = await must(objdump, ["-d", elf]);
  const machine = machineOf(text);
  const functions = readDisassembly(text);
  const words = new Words(await must(objdump, ["-s", elf]));
  const table = facts.vectors === undefined ? null : await extentOf(objdump, elf, facts.vectors);
  const frames = new Map<CodeFunction, number | null>();
  const program = {
    wordAt: (address: number) => words.at(address, 4),
    addressOf: (name: string) => functions.find((code) => code.name === name)?.address,
  };
  const frameOf = (code: CodeFunction): number | null => {
    if (!frames.has(code)) frames.set(code, machine.frameOf(code, program));
    return frames.get(code)!;
  };
  const isInTable = (address: number): boolean => table !== null && address >= table[0] && address < table[1];
  const vectors = words.pointers(machine).filter(([address]) => isInTable(address));
  const interrupts = functions.filter(
    ({ address, name }) =>
      facts.interrupts?.test(name) === true ||
      vectors.some(([, value]) => value === machine.pointerTo(address)),
  );
  const targets = pointedTo(functions, machine, words, isInTable).filter(
    (code) => !interrupts.includes(code),
  );
  const chains = new CallChains(functions, machine, targets, frameOf, facts);
  const from = (name: string): DeepestChain => {
    const root = functions.find((code) => code.name === name);
    if (root === undefined) throw new CheckFailure(`${elf} has no function ${name}`);
    return chains.from(root);
  };
  return {
    functions,
    callBytes: machine.callBytes,
    frameOf,
    from,
    withInterrupts: (name) => {
      const handlers = interrupts.filter((code) => code.name !== name).map((code) => chains.from(code));
      return onTop(from(name), handlers, machine.interruptBytes);
    },
  };
}

/** A chain with the deepest of some others on it. */
function onTop(chain: DeepestChain, others: readonly DeepestChain[], between: number): DeepestChain {
  const open = [chain, ...others].find(({ bytes }) => bytes === null);
  if (open !== undefined) return open;
  const [deepest] = [...others].sort((a, b) => b.bytes! - a.bytes!);
  if (deepest === undefined) return chain;
  return {
    bytes: chain.bytes! + between + deepest.bytes!,
    chain: [...chain.chain, ...deepest.chain],
    open: null,
  };
}

/** Functions whose address the program holds: in its data, or made by its code. */
function pointedTo(
  functions: readonly CodeFunction[],
  machine: Machine,
  words: Words,
  isInTable: (address: number) => boolean,
): CodeFunction[] {
  const code = new Set<number>();
  for (const { address, bytes } of functions.flatMap(({ instructions }) => instructions))
    for (let at = address; at < address + bytes; at++) code.add(at);
  const held = new Set(
    words
      .pointers(machine)
      .filter(([address]) => !code.has(address) && !isInTable(address))
      .map(([, value]) => value),
  );
  for (const { instructions } of functions) {
    for (const [at, instruction] of instructions.entries()) {
      if (instruction.place !== null && !isTransfer(instruction))
        held.add(machine.pointerTo(instruction.place));
      const immediate = /^\$0x([\da-f]+),/.exec(instruction.operands);
      if (immediate !== null) held.add(Number.parseInt(immediate[1]!, 16));
      const pair = immediatePair(instruction.operands, instructions[at + 1]?.operands);
      if (instruction.mnemonic === "ldi" && pair !== null) held.add(pair);
    }
  }
  return functions.filter(({ address }) => held.has(machine.pointerTo(address)));
}

/** AVR: two registers that follow each other get the halves of a number. */
function immediatePair(low: string, high = ""): number | null {
  const [, at, bits] = /^r(\d+), 0x([\da-f]+)$/i.exec(low) ?? [];
  const [, next, more] = /^r(\d+), 0x([\da-f]+)$/i.exec(high) ?? [];
  if (at === undefined || next === undefined || Number(next) !== Number(at) + 1) return null;
  return Number.parseInt(bits!, 16) | (Number.parseInt(more!, 16) << 8);
}

/** The bytes of a program's sections that are loaded, as `objdump -s` prints them. */
class Words {
  private readonly bytes = new Map<number, number>();

  constructor(text: string) {
    let isLoaded = false;
    for (const line of text.split("\n")) {
      const section = /^Contents of section (\S+):/.exec(line);
      if (section !== null)
        isLoaded = !/^\.(?:debug|comment|note|ARM|riscv|symtab|strtab|stab|eh_)/.test(section[1]!);
      const [, address, hex] = /^ ([\da-f]+) ((?:[\da-f]{2,8} ){1,4})/.exec(line) ?? [];
      if (!isLoaded || address === undefined) continue;
      const start = Number.parseInt(address, 16);
      [...Buffer.from(hex!.replaceAll(" ", ""), "hex")].forEach((byte, index) =>
        this.bytes.set(start + index, byte),
      );
    }
  }

  /**
   * The little-endian number of `length` bytes at an address; of eight bytes those that a double
   * can hold.
   */
  at(address: number, length: number): number {
    let value = 0;
    for (let index = length - 1; index >= 0; index--)
      value = value * 256 + (this.bytes.get(address + index) ?? 0);
    return value;
  }

  /** All that may be addresses of functions. */
  pointers({ addressBytes, addressAlign }: Machine): (readonly [address: number, value: number])[] {
    return [...this.bytes.keys()]
      .filter((address) => address % addressAlign === 0)
      .map((address) => [address, this.at(address, addressBytes)] as const);
  }
}

/** Where an object lies: its start and its end. */
async function extentOf(
  objdump: string,
  elf: string,
  name: string,
): Promise<readonly [number, number] | null> {
  for (const line of (await must(objdump, ["-t", elf])).split("\n")) {
    const [, address, bytes, found] = /^([\da-f]+) .*\t([\da-f]+) (?:\.hidden )?(\S+)$/.exec(line) ?? [];
    if (found !== name) continue;
    const start = Number.parseInt(address!, 16);
    return [start, start + Number.parseInt(bytes!, 16)];
  }
  return null;
}
