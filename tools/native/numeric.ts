/**
 * Numeric instructions as expressions of C. What C leaves open, or traps, is a function of c/native/.
 */
import { integer, wideOperand } from "./literals.js";
import { called, compared, computed, conditionOf, type NumberType, operand, type Value } from "./value.js";

const OPERATORS: ReadonlyMap<string, string> = new Map([
  ["add", "+"],
  ["sub", "-"],
  ["mul", "*"],
  ["div", "/"],
  ["and", "&"],
  ["or", "|"],
  ["xor", "^"],
]);
const COMPARISONS: ReadonlyMap<string, string> = new Map([
  ["eq", "=="],
  ["ne", "!="],
  ["lt", "<"],
  ["gt", ">"],
  ["le", "<="],
  ["ge", ">="],
]);
const FOLDED: ReadonlyMap<string, (a: bigint, b: bigint) => bigint> = new Map([
  ["add", (a, b) => a + b],
  ["sub", (a, b) => a - b],
  ["mul", (a, b) => a * b],
  ["and", (a, b) => a & b],
  ["or", (a, b) => a | b],
  ["xor", (a, b) => a ^ b],
]);
/** The instance, for what may trap. */
const BASE = "&guest->base";
const TRAPPING = /^(?:div|rem)_[su]$|^trunc_f/;

/**
 * The value that the instruction `name` (`i32.add`) makes of its operands.
 * @returns null when it is no numeric instruction
 */
export function numeric(name: string, operands: readonly Value[]): Value | null {
  const [prefix, operation] = name.split(".") as [NumberType, string];
  const [a, b] = operands;
  if (a === undefined) return null;
  if (b === undefined) return unary(prefix, operation, a);
  return prefix === "i32" || prefix === "i64"
    ? integers(prefix, operation, a, b)
    : floats(prefix, operation, a, b);
}

function integers(type: "i32" | "i64", operation: string, a: Value, b: Value): Value {
  const fold = FOLDED.get(operation);
  if (fold && a.constant !== null && b.constant !== null) return integer(type, fold(a.constant, b.constant));
  const operator = OPERATORS.get(operation);
  if (operator !== undefined) return binary(type, operator, a, b);
  const [, comparison, sign] = /^(eq|ne|lt|gt|le|ge)(?:_([su]))?$/.exec(operation) ?? [];
  if (comparison !== undefined) {
    const [x, y] = sign === "s" ? [signed(a), signed(b)] : [operand(a), operand(b)];
    return compared(`${x} ${COMPARISONS.get(comparison)} ${y}`, [a, b]);
  }
  if (operation === "shl" || operation === "shr_u")
    return computed(type, `${wideOperand(a)} ${operation === "shl" ? "<<" : ">>"} ${shiftCount(type, b)}`, [
      a,
      b,
    ]);
  return named(type, operation, [a, b]);
}

/** `a + b`, where what is added to a variable may be a small number below zero. */
function binary(type: "i32" | "i64", operator: string, a: Value, b: Value): Value {
  const negative = b.constant === null ? 0n : -BigInt.asIntN(type === "i32" ? 32 : 64, b.constant);
  if (operator === "+" && negative > 0n && negative < 0x10000n)
    return computed(type, `${operand(a)} - ${integer(type, negative).text}`, [a, b]);
  return computed(type, `${operand(a)} ${operator} ${operand(b)}`, [a, b]);
}

function shiftCount(type: "i32" | "i64", b: Value): string {
  const mask = type === "i32" ? 31n : 63n;
  return b.constant === null ? `(${operand(b)} & ${mask}u)` : `${b.constant & mask}`;
}

function signed(value: Value): string {
  if (value.constant !== null) {
    const number = BigInt.asIntN(value.type === "i32" ? 32 : 64, value.constant);
    if (number > -0x8000n && number < 0x8000n) return String(number);
  }
  return `(${value.type === "i32" ? "int32_t" : "int64_t"})${operand(value)}`;
}

function floats(type: NumberType, operation: string, a: Value, b: Value): Value {
  const comparison = COMPARISONS.get(operation);
  if (comparison !== undefined) return compared(`${operand(a)} ${comparison} ${operand(b)}`, [a, b]);
  // Not every machine's f32 is quite WebAssembly's.
  const operator = type === "f32" ? undefined : OPERATORS.get(operation);
  return operator === undefined
    ? named(type, operation, [a, b])
    : computed(type, `${operand(a)} ${operator} ${operand(b)}`, [a, b]);
}

function unary(type: NumberType, operation: string, a: Value): Value | null {
  const cast = castOf(type, operation);
  if (cast !== null) return computed(type, `${cast}${operand(a)}`, [a]);
  if (operation !== "eqz") return named(type, operation, [a]);
  if (a.condition !== null) return compared(negated(a), [a]);
  return compared(`${operand(a)} == 0`, [a]);
}

function negated(value: Value): string {
  const condition = conditionOf(value);
  const [, inner] = /^!\(([^()]*)\)$/.exec(condition) ?? [];
  return inner ?? `!(${condition})`;
}

/** Conversions that C's own do. */
function castOf(type: NumberType, operation: string): string | null {
  switch (operation) {
    case "wrap_i64":
      return "(uint32_t)";
    case "extend_i32_u":
      return "(uint64_t)";
    case "extend_i32_s":
    case "extend32_s":
      return "(uint64_t)(int64_t)(int32_t)";
    default: {
      const [, from, sign] = /^convert_(i32|i64)_([su])$/.exec(operation) ?? [];
      if (from === undefined) return null;
      const integerType = from === "i32" ? "int32_t" : "int64_t";
      return `(${type === "f32" ? "float" : "double"})${sign === "s" ? `(${integerType})` : ""}`;
    }
  }
}

/** A function of c/native/, named as the instruction is. */
function named(type: NumberType, operation: string, operands: readonly Value[]): Value {
  const mayTrap = TRAPPING.test(operation);
  const value = called(type, `rill_${type}_${operation}`, operands);
  if (!mayTrap) return value;
  return { ...value, text: value.text.replace("(", `(${BASE}, `), mayTrap };
}
