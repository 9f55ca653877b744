/**
 * A function's shape: what its code does, apart from the indices that move when
 * anything else in the module does.
 */
import { createHash } from "node:crypto";
import type { CodeEntry, CoreModule } from "../../wasm/core-module.js";
import { InstructionReader } from "../../wasm/instruction-reader.js";
import { Immediate, IMMEDIATES, Op } from "../../wasm/opcodes.js";

/** What a function's code looks like, without the numbers that move when others change. */
export interface Shape {
  /** Equal for functions whose code differs in indices alone. */
  readonly hash: string;
  /** How often each pair of neighbouring opcodes occurs. */
  readonly pairs: ReadonlyMap<number, number>;
  readonly instructions: number;
}

/** The shape of the function `code` of `module`. */
export function shapeOf(module: CoreModule, code: CodeEntry): Shape {
  const reader = new InstructionReader(module.bytes, code.code, code.end);
  const { bytes } = module;
  const kept = new Uint8Array(code.end - code.body.start);
  let length = code.code - code.body.start;
  kept.set(bytes.subarray(code.body.start, code.code));
  const pairs = new Map<number, number>();
  let before = 0;
  let instructions = 0;
  while (!reader.done) {
    reader.next();
    instructions++;
    const { opcode, start, offset } = reader;
    const end = holdsIndex(opcode) ? start + 1 : offset;
    for (let at = start; at < end; at++) kept[length++] = bytes[at]!;
    const pair = before * 256 + opcode;
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    before = opcode;
  }
  return { hash: digest(kept.subarray(0, length)), pairs, instructions };
}

/** Likeness of two shapes, 0 to 1: the share of opcode pairs that they have in common. */
export function likeness(x: Shape, y: Shape): number {
  let common = 0;
  for (const [pair, times] of x.pairs) common += Math.min(times, y.pairs.get(pair) ?? 0);
  return (2 * common) / Math.max(1, x.instructions + y.instructions);
}

/**
 * Whether the instruction names a function, a type, a global or a table by its index; labels and locals stay.
 */
function holdsIndex(opcode: number): boolean {
  if (opcode >= Op.LOCAL_GET && opcode <= Op.LOCAL_TEE) return false;
  if (opcode === Op.BR || opcode === Op.BR_IF) return false;
  const immediate = IMMEDIATES[opcode];
  return immediate === Immediate.INDEX || immediate === Immediate.INDEX2;
}

/** A hash of bytes, as a key. */
export function digest(bytes: Uint8Array): string {
  return createHash("sha1").update(bytes).digest("base64");
}
