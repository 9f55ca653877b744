/**
 * Who calls whom in the translated code: what nothing reaches and is left out, and what may call
 * itself.
 */
import { InstructionReader } from "../wasm/instruction-reader.js";
import { Op } from "../wasm/opcodes.js";
import type { GuestModule } from "./guest-module.js";

/** The functions that a function calls; through the table, all of the type that are in it. */
function callees(guest: GuestModule, index: number): Set<number> {
  const { code } = guest.functions[index]!;
  const found = new Set<number>();
  if (code === null) return found;
  const reader = new InstructionReader(guest.module.bytes, code.code, code.body.end);
  while (!reader.done) {
    reader.next();
    if (reader.opcode === Op.CALL) found.add(reader.a);
    if (reader.opcode !== Op.CALL_INDIRECT) continue;
    const letters = guest.letters(guest.signatureOf(reader.a));
    for (const callee of guest.table)
      if (callee !== null && guest.letters(guest.functions[callee]!.signature) === letters) found.add(callee);
  }
  return found;
}

/** The call graph of what the roots reach. */
export class CallGraph {
  private readonly edges = new Map<number, ReadonlySet<number>>();

  constructor(guest: GuestModule, roots: readonly number[]) {
    const waiting = [...roots];
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      if (this.edges.has(index)) continue;
      guest.requireFunction(index);
      const found = callees(guest, index);
      this.edges.set(index, found);
      waiting.push(...found);
    }
  }

  /** The functions that are reached, by index. */
  get reached(): number[] {
    return [...this.edges.keys()].sort((a, b) => a - b);
  }

  /**
   * How many functions a chain has at most that begins with one of `roots`; imports count. No
   * function is recursive.
   */
  depth(roots: Iterable<number>): number {
    const known = new Map<number, number>();
    const below = (index: number): number => {
      const found = known.get(index) ?? 1 + Math.max(0, ...[...this.edges.get(index)!].map(below));
      known.set(index, found);
      return found;
    };
    return Math.max(0, ...[...roots].map(below));
  }

  /** Whether a function may be on the stack twice. */
  isRecursive(index: number): boolean {
    const seen = new Set<number>();
    const waiting = [...this.edges.get(index)!];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (next === index) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      waiting.push(...this.edges.get(next)!);
    }
    return false;
  }
}
