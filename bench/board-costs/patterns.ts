/** Code whose cost, less what is known already, is that of a class; it leaves the stack as it was. */
import { type CostClass } from "../../tools/boards/cost-class.js";
import type { Places } from "./micro-image.js";

/** A way to measure a class: the dearest of its ways counts. */
export interface Pattern {
  readonly of: CostClass;
  readonly code: (places: Places) => readonly number[];
  /** What else is in it. */
  readonly less: Partial<Record<CostClass, number>>;
  /** How many of the class are in it; one when not given. */
  readonly times?: number;
}

const NOP = 0x01;
const BLOCK = 0x02;
const LOOP = 0x03;
const IF = 0x04;
const ELSE = 0x05;
const END = 0x0b;
const BR = 0x0c;
const BR_IF = 0x0d;
const CALL = 0x10;
const DROP = 0x1a;
const SELECT = 0x1b;
const GET = 0x20;
const SET = 0x21;
const TEE = 0x22;
const GLOBAL_GET = 0x23;
const GLOBAL_SET = 0x24;
const CONST = 0x41;
const CONST64 = 0x42;
const EMPTY = 0x40;
const I32 = 0x7f;
/** An address that the guest touches nowhere. */
const ADDRESS = 0;

const two = { constant: 2, drop: 1 };
const two64 = { constant64: 2, drop: 1 };

const unary = (of: CostClass, opcode: number): Pattern => ({
  of,
  code: () => [CONST, 1, opcode, DROP],
  less: { constant: 1, drop: 1 },
});
const unary64 = (of: CostClass, opcode: number, value: number): Pattern => ({
  of,
  code: () => [CONST64, value, opcode, DROP],
  less: { constant64: 1, drop: 1 },
});
const binary = (of: CostClass, opcode: number, x = 2, y = 3): Pattern => ({
  of,
  code: () => [CONST, x, CONST, y, opcode, DROP],
  less: two,
});
const binary64 = (of: CostClass, opcode: number, x = 2, y = 3): Pattern => ({
  of,
  code: () => [CONST64, x, CONST64, y, opcode, DROP],
  less: two64,
});
const load = (of: CostClass, opcode: number, at = ADDRESS): Pattern => ({
  of,
  code: () => [CONST, at, opcode, 0, 0, DROP],
  less: { constant: 1, drop: 1 },
});
const store = (opcode: number, at = ADDRESS): Pattern => ({
  of: "store",
  code: () => [CONST, at, CONST, 1, opcode, 0, 0],
  less: { constant: 2 },
});
const store64 = (opcode: number, at = ADDRESS): Pattern => ({
  of: "store64",
  code: () => [CONST, at, CONST64, 1, opcode, 0, 0],
  less: { constant: 1, constant64: 1 },
});
/** What the interpreter reads to find a block's end, in front of which it jumps there. */
const skipped = (...code: readonly number[]): Pattern => ({
  of: "blockByte",
  code: () => [BLOCK, EMPTY, BR, 0, ...Array<readonly number[]>(8).fill(code).flat(), END],
  less: { block: 1, blockByte: 3, branch: 1 },
  times: 8 * code.length,
});

/** In the order in which they can be measured. That drop is a nop tells a value's push from its pop. */
export const PATTERNS: readonly Pattern[] = [
  { of: "nop", code: () => [NOP], less: {} },
  { of: "drop", code: () => [NOP], less: {} },
  { of: "constant", code: () => [CONST, 1, DROP], less: { drop: 1 } },
  { of: "constant64", code: () => [CONST64, 1, DROP], less: { drop: 1 } },
  { of: "moreBytes", code: () => [CONST, 0x80, 1, DROP], less: { constant: 1, drop: 1 } },
  {
    of: "moreBytes",
    code: () => [CONST, 0x80, 0x80, 0x80, 0x80, 1, DROP],
    less: { constant: 1, drop: 1 },
    times: 4,
  },
  {
    of: "moreBytes",
    code: () => [CONST64, ...Array<number>(9).fill(0x80), 0, DROP],
    less: { constant64: 1, drop: 1 },
    times: 9,
  },
  { of: "localGet", code: ({ i32 }) => [GET, i32, DROP], less: { drop: 1 } },
  { of: "localGet", code: ({ i64 }) => [GET, i64, DROP], less: { drop: 1 } },
  { of: "localSet", code: ({ i32 }) => [CONST, 1, SET, i32], less: { constant: 1 } },
  { of: "localSet", code: ({ i64 }) => [CONST64, 1, SET, i64], less: { constant64: 1 } },
  { of: "localTee", code: ({ i32 }) => [CONST, 1, TEE, i32, DROP], less: { constant: 1, drop: 1 } },
  { of: "localTee", code: ({ i64 }) => [CONST64, 1, TEE, i64, DROP], less: { constant64: 1, drop: 1 } },
  { of: "globalGet", code: ({ global }) => [GLOBAL_GET, global, DROP], less: { drop: 1 } },
  { of: "globalSet", code: ({ global }) => [CONST, 1, GLOBAL_SET, global], less: { constant: 1 } },
  ...[0, 1].flatMap((at) => [
    ...[0x28, 0x2c, 0x2d, 0x2e, 0x2f].map((opcode) => load("load", opcode, at)),
    ...[0x29, 0x30, 0x32, 0x34, 0x35].map((opcode) => load("load64", opcode, at)),
    ...[0x36, 0x3a, 0x3b].map((opcode) => store(opcode, at)),
    ...[0x37, 0x3c, 0x3d, 0x3e].map((opcode) => store64(opcode, at)),
  ]),
  ...[0x6a, 0x6b, 0x6c, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78].map((opcode) =>
    binary("arithmetic", opcode),
  ),
  ...[0x7c, 0x7d, 0x7e, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88].map((opcode) => binary64("arithmetic64", opcode)),
  ...[0x46, 0x48, 0x49, 0x4a, 0x4e].flatMap((opcode) => [
    binary("comparison", opcode),
    binary("comparison", opcode, 3, 2),
  ]),
  ...[0x51, 0x53, 0x54, 0x55, 0x59].flatMap((opcode) => [
    binary64("comparison64", opcode),
    binary64("comparison64", opcode, 3, 2),
  ]),
  unary("test", 0x45),
  ...[0, 1].map((value) => unary64("test64", 0x50, value)),
  ...[0xac, 0xad, 0xc0, 0xc1].map((opcode) => unary("conversion", opcode)),
  unary64("conversion", 0xa7, 1),
  ...[0, 1].map((which): Pattern => ({
    of: "select",
    code: () => [CONST, 1, CONST, 2, CONST, which, SELECT, DROP],
    less: { constant: 3, drop: 1 },
  })),
  { of: "block", code: () => [BLOCK, EMPTY, END], less: {} },
  { of: "block", code: () => [BLOCK, I32, CONST, 1, END, DROP], less: { constant: 1, drop: 1 } },
  { of: "branch", code: () => [BLOCK, EMPTY, BR, 0, END], less: { block: 1 } },
  {
    of: "branch",
    code: () => [BLOCK, I32, CONST, 1, BR, 0, END, DROP],
    less: { block: 1, constant: 1, drop: 1 },
  },
  skipped(NOP),
  skipped(CONST, 1, DROP),
  skipped(GET, 0, DROP),
  skipped(CONST, 0, 0x28, 2, 0, DROP),
  skipped(BLOCK, EMPTY, END),
  skipped(LOOP, EMPTY, END),
  skipped(CONST, 1, IF, EMPTY, ELSE, END),
  skipped(CONST, 1, BR_IF, 0),
  ...[0, 1].map((taken): Pattern => ({
    of: "branchIf",
    code: () => [BLOCK, EMPTY, CONST, taken, BR_IF, 0, END],
    less: { block: 1, constant: 1 },
  })),
  { of: "loop", code: () => [LOOP, EMPTY, END], less: {} },
  ...[0, 1].flatMap((taken): Pattern[] => [
    { of: "if", code: () => [CONST, taken, IF, EMPTY, END], less: { constant: 1 } },
    { of: "if", code: () => [CONST, taken, IF, EMPTY, NOP, ELSE, NOP, END], less: { constant: 1, nop: 1 } },
  ]),
  { of: "call", code: ({ empty }) => [CALL, empty], less: {} },
  { of: "local", code: ({ emptyWithLocals }) => [CALL, emptyWithLocals], less: { call: 1 }, times: 8 },
  {
    of: "local",
    code: ({ emptyWithParameters }) => [CONST, 1, CONST, 1, CONST, 1, CONST, 1, CALL, emptyWithParameters],
    less: { call: 1, constant: 4 },
    times: 4,
  },
];
