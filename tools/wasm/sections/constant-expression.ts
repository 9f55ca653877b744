/** Constant expressions: initial values of globals, offsets of segments, elements of tables. */
import type { ByteReader } from "../byte-reader.js";
import type { ConstantExpression } from "../core-module.js";
import { InstructionReader } from "../instruction-reader.js";
import { Op } from "../opcodes.js";

/** Reads an expression up to and with its `end`. */
export function readConstantExpression(reader: ByteReader): ConstantExpression {
  const instructions = new InstructionReader(reader.bytes, reader.offset, reader.end);
  const start = reader.offset;
  const functions: number[] = [];
  let value: bigint | null = null;
  let count = 0;
  for (;;) {
    instructions.next();
    if (instructions.opcode === Op.END) break;
    count++;
    if (instructions.opcode === Op.I32_CONST) value = BigInt(instructions.a >>> 0);
    else if (instructions.opcode === Op.I64_CONST) value = instructions.wide;
    else if (instructions.opcode === Op.REF_FUNC) functions.push(instructions.a);
  }
  reader.offset = instructions.offset;
  return { start, end: reader.offset, value: count === 1 ? value : null, functions };
}
