/** Classes of wasm instructions that take the classic interpreter about as long. */
import { Op } from "../wasm/opcodes.js";

/** What is measured on a board, each as the most cycles of the core that it takes. */
export const COST_CLASSES = [
  "drop",
  "nop",
  "constant",
  "constant64",
  /** Each byte of an immediate beyond the first. */
  "moreBytes",
  "localGet",
  "localSet",
  "localTee",
  "globalGet",
  "globalSet",
  "load",
  "store",
  "load64",
  "store64",
  "arithmetic",
  "comparison",
  "test",
  "arithmetic64",
  "comparison64",
  "test64",
  "conversion",
  "select",
  /** With its end. */
  "block",
  /**
   * Each byte in a block or an if, which the interpreter reads to find its end when the cache of blocks has
   * forgotten it; a block is left once, so its bytes are counted where it begins.
   */
  "blockByte",
  "loop",
  /** With its else and its end. */
  "if",
  "branch",
  "branchIf",
  /** With the return. */
  "call",
  /** Each local of the callee. */
  "local",
  /** Of the host's stream.read or stream.write, with the wait for it. */
  "copy",
] as const;

/** One of them. */
export type CostClass = (typeof COST_CLASSES)[number];

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

const I32_MUL = 0x6c;
const I64_MUL = 0x7e;

/**
 * Opcodes by class. Those in none take the core as long as their values say (divisions, floats, counts
 * of bits) or were not measured.
 */
const OPCODES: readonly (readonly [CostClass, readonly number[]])[] = [
  ["drop", [Op.DROP]],
  ["nop", [0x01]],
  ["constant", [Op.I32_CONST]],
  ["constant64", [0x42]],
  ["localGet", [Op.LOCAL_GET]],
  ["localSet", [Op.LOCAL_SET]],
  ["localTee", [Op.LOCAL_TEE]],
  ["globalGet", [Op.GLOBAL_GET]],
  ["globalSet", [Op.GLOBAL_SET]],
  ["load", [0x28, ...range(0x2c, 0x2f)]],
  ["load64", [0x29, ...range(0x30, 0x35)]],
  ["store", [0x36, 0x3a, 0x3b]],
  ["store64", [0x37, 0x3c, 0x3d, 0x3e]],
  ["test", [0x45]],
  ["comparison", range(0x46, 0x4f)],
  ["test64", [0x50]],
  ["comparison64", range(0x51, 0x5a)],
  ["arithmetic", [0x6a, 0x6b, I32_MUL, ...range(0x71, 0x78)]],
  ["arithmetic64", [0x7c, 0x7d, I64_MUL, ...range(0x83, 0x88)]],
  ["conversion", [0xa7, 0xac, 0xad, 0xc0, 0xc1]],
  ["select", [Op.SELECT]],
  ["block", [Op.BLOCK]],
  ["loop", [Op.LOOP]],
  ["if", [Op.IF]],
  ["branch", [Op.BR, Op.RETURN]],
  ["branchIf", [Op.BR_IF]],
  ["call", [Op.CALL]],
];

const CLASS_OF = new Map(
  OPCODES.flatMap(([name, opcodes]) => opcodes.map((opcode) => [opcode, name] as const)),
);

/** The class of an opcode; null where it has none. */
export function costClass(opcode: number): CostClass | null {
  return CLASS_OF.get(opcode) ?? null;
}

/** What each class takes at most. */
export type CostTable = Readonly<Record<CostClass, number>>;
