/**
 * Constant expressions: initial values of globals, offsets of segments, elements of tables;
 * sums among them, as linkers write them.
 */
import type { ByteReader } from "../byte-reader.js";
import type { ConstantExpression } from "../core-module.js";
import { InstructionReader } from "../instruction-reader.js";
import { Op } from "../opcodes.js";

/** What an instruction has left on the stack; null for what is no integer. */
type Value = { readonly value: bigint; readonly global: number | null } | null;

/** Reads an expression up to and with its `end`. */
export function readConstantExpression(reader: ByteReader): ConstantExpression {
  const instructions = new InstructionReader(reader.bytes, reader.offset, reader.end);
  const start = reader.offset;
  const functions: number[] = [];
  const stack: Value[] = [];
  for (;;) {
    instructions.next();
    if (instructions.opcode === Op.END) break;
    if (instructions.opcode === Op.REF_FUNC) functions.push(instructions.a);
    stack.push(valueOf(instructions, stack));
  }
  reader.offset = instructions.offset;
  const result = stack.length === 1 ? stack[0]! : null;
  return {
    start,
    end: reader.offset,
    value: result?.global === null ? result.value : null,
    relative: result && result.global !== null ? { global: result.global, delta: result.value } : null,
    functions,
  };
}

function valueOf({ opcode, a, wide }: InstructionReader, stack: Value[]): Value {
  switch (opcode) {
    case Op.I32_CONST:
      return { value: BigInt(a >>> 0), global: null };
    case Op.I64_CONST:
      return { value: wide, global: null };
    case Op.GLOBAL_GET:
      return { value: 0n, global: a };
    case Op.I32_ADD:
    case Op.I64_ADD: {
      const [y, x] = [stack.pop(), stack.pop()];
      if (!x || !y || (x.global !== null && y.global !== null)) return null;
      return {
        value: BigInt.asUintN(opcode === Op.I32_ADD ? 32 : 64, x.value + y.value),
        global: x.global ?? y.global,
      };
    }
    default:
      return null;
  }
}
