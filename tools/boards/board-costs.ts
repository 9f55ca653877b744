/** What a board's core takes, at most, for each instruction that a walk through a guest's code meets. */
import type { Instruction } from "../analysis/worst-case/code-tree.js";
import type { Costs } from "../analysis/worst-case/worst-path.js";
import type { FunctionInfo } from "../wasm/function-space.js";
import { Op } from "../wasm/opcodes.js";
import { parseImportName } from "../wit/canonical-names.js";
import { costClass, type CostClass, type CostTable } from "./cost-class.js";

/** Bytes of an instruction as short as it can be, where that is not two. */
const SHORTEST: Partial<Record<CostClass, number>> = {
  nop: 1,
  drop: 1,
  select: 1,
  load: 3,
  load64: 3,
  store: 3,
  store64: 3,
  test: 1,
  test64: 1,
  comparison: 1,
  comparison64: 1,
  arithmetic: 1,
  arithmetic64: 1,
  conversion: 1,
};

/** An instruction for which there is no measured bound. */
export interface Unmeasured {
  readonly what: string;
  /** Byte of the file. */
  readonly at: number;
}

/** Costs by a board's table, if it has one; what has none costs without end, and is listed. */
export class BoardCosts implements Costs {
  /** Part of the call. */
  readonly entry = 0;
  /** What was met that has no bound. */
  readonly unmeasured: Unmeasured[] = [];

  constructor(
    private readonly table: CostTable | null,
    private readonly functions: readonly FunctionInfo[],
  ) {}

  of(instruction: Instruction): number {
    const { table } = this;
    const { opcode, at, end, takes, leaves } = instruction;
    const name = costClass(opcode);
    if (opcode === Op.UNREACHABLE) return 0;
    if (table === null) return this.without("an instruction on a core without a table of times", at);
    if (name === null) return this.without("an instruction whose time its values decide", at);
    const own = table[name];
    if (name === "block" || name === "loop" || name === "if") {
      if (takes > 0 || leaves > 1) return this.without("a block with parameters or several results", at);
      return own + (name === "loop" ? 0 : table.blockByte * (end - at));
    }
    if (opcode === Op.RETURN) return own;
    const more = Math.max(0, end - at - (SHORTEST[name] ?? 2));
    return own + more * table.moreBytes + (name === "call" ? this.callee(table, instruction) : 0);
  }

  private callee(table: CostTable, { a, at }: Instruction): number {
    const { import: from, code, signature } = this.functions[a]!;
    if (from === null) {
      const locals = code!.locals.reduce((sum, { count, type }) => sum + count * wordsOf(type), 0);
      return table.local * (locals + signature.params.reduce((sum, type) => sum + wordsOf(type), 0));
    }
    const { builtin } = parseImportName(from.field);
    if (builtin === "stream.read" || builtin === "stream.write") return table.copy;
    // The wait for a copy is measured with it.
    if (builtin === "waitable-set.wait") return 0;
    return this.without(`a call of the host's ${builtin ?? from.field}`, at);
  }

  private without(what: string, at: number): number {
    this.unmeasured.push({ what, at });
    return Infinity;
  }
}

function wordsOf(type: string): number {
  return type === "i64" || type === "f64" ? 2 : 1;
}
