/** A function's code as a tree: each block, loop and if holds its instructions. */
import type { CoreModule } from "../../wasm/core-module.js";
import type { FunctionInfo } from "../../wasm/function-space.js";
import { type BlockType, InstructionReader } from "../../wasm/instruction-reader.js";
import { Op, SIGNATURES } from "../../wasm/opcodes.js";

/** An instruction. */
export interface Instruction {
  readonly opcode: number;
  /** First immediate: an index, a label, a constant. */
  readonly a: number;
  /** Labels of a br_table, the default last. */
  readonly labels: readonly number[];
  /** Byte of the file, and the one behind it and all that it holds. */
  readonly at: number;
  readonly end: number;
  /** Values taken and left, where nothing but the opcode says so. */
  readonly takes: number;
  readonly leaves: number;
  /** What a block, loop or if holds, and what stands behind its `else`. */
  readonly body: readonly Instruction[];
  readonly otherwise: readonly Instruction[];
}

/** Code that has instructions which are not followed: exceptions, garbage collection, vectors, ... */
export class NotFollowed extends Error {}

/** The code of `info`, a defined function. @throws NotFollowed */
export function codeTree(module: CoreModule, info: FunctionInfo): readonly Instruction[] {
  const { code, end } = info.code!;
  const reader = new InstructionReader(module.bytes);
  reader.reset(code, end);
  return new TreeReader(module, reader).sequence().nodes;
}

class TreeReader {
  constructor(
    private readonly module: CoreModule,
    private readonly reader: InstructionReader,
  ) {}

  /** Instructions up to the `else` or `end` that closes them. */
  sequence(): { readonly nodes: Instruction[]; readonly closedBy: number } {
    const nodes: Instruction[] = [];
    for (;;) {
      this.reader.next();
      const { opcode } = this.reader;
      if (opcode === Op.END || opcode === Op.ELSE) return { nodes, closedBy: opcode };
      nodes.push(this.instruction());
    }
  }

  private instruction(): Instruction {
    const { opcode, a, labels, start: at, blockType } = this.reader;
    const end = this.reader.offset;
    const plain = { opcode, a, labels: [...labels], at, end, takes: 0, leaves: 0, body: [], otherwise: [] };
    if (opcode === Op.BLOCK || opcode === Op.LOOP || opcode === Op.IF) {
      const { nodes: body, closedBy } = this.sequence();
      const otherwise = closedBy === Op.ELSE ? this.sequence().nodes : [];
      return { ...plain, end: this.reader.offset, ...this.arity(blockType), body, otherwise };
    }
    if (opcode === Op.PREFIX_MISC && this.reader.misc)
      return { ...plain, ...counted(this.reader.misc.signature) };
    const signature = SIGNATURES[opcode];
    if (signature === undefined) throw new NotFollowed();
    if (signature !== "*") return { ...plain, ...counted(signature) };
    if (!FOLLOWED.has(opcode)) throw new NotFollowed();
    if (opcode === Op.CALL_INDIRECT) return { ...plain, ...this.callee(a) };
    return plain;
  }

  private arity(type: BlockType): { takes: number; leaves: number } {
    if (type === null) return { takes: 0, leaves: 0 };
    if (typeof type === "string") return { takes: 0, leaves: 1 };
    return this.callee(type);
  }

  private callee(type: number): { takes: number; leaves: number } {
    const signature = this.module.types[type]?.signature;
    if (!signature) throw new NotFollowed();
    return { takes: signature.params.length, leaves: signature.results.length };
  }
}

const NOP = 0x01;
// prettier-ignore
const FOLLOWED = new Set<number>([
  NOP, Op.UNREACHABLE, Op.BR, Op.BR_IF, Op.BR_TABLE, Op.RETURN, Op.CALL, Op.CALL_INDIRECT, Op.DROP, Op.SELECT,
  Op.SELECT_T, Op.LOCAL_GET, Op.LOCAL_SET, Op.LOCAL_TEE, Op.GLOBAL_GET, Op.GLOBAL_SET,
]);

function counted(signature: string): { takes: number; leaves: number } {
  const [takes, leaves] = signature.split(":") as [string, string];
  return { takes: takes.length, leaves: leaves.length };
}
