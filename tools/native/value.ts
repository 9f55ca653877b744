/** A value on WebAssembly's stack that C has not computed yet: an expression, and what it depends on. */
import type { ValueType } from "../wasm/core-module.js";

/** The types that a translated guest has. */
export type NumberType = "i32" | "i64" | "f32" | "f64";

/** An expression of C. */
export interface Value {
  readonly type: NumberType;
  /** Without parentheses around it. */
  readonly text: string;
  /** Whether it can stand as an operand as it is. */
  readonly isAtom: boolean;
  /** The number that it is, of an integer constant. */
  readonly constant: bigint | null;
  /** A C condition that is 1 or 0 as the value is. */
  readonly condition: string | null;
  /** Locals that it reads. */
  readonly locals: ReadonlySet<number>;
  readonly readsMemory: boolean;
  readonly readsGlobals: boolean;
  readonly mayTrap: boolean;
}

const NO_LOCALS: ReadonlySet<number> = new Set();

const C_TYPES: Readonly<Record<NumberType, string>> = {
  i32: "uint32_t",
  i64: "uint64_t",
  f32: "float",
  f64: "double",
};

/** Whether a translated guest can have the type. */
export function isNumberType(type: ValueType): type is NumberType {
  return type in C_TYPES;
}

/** The C type of a WebAssembly type. */
export function cType(type: NumberType): string {
  return C_TYPES[type];
}

/** What an operation of C makes of its operands: it depends on whatever they depend on. */
export function computed(
  type: NumberType,
  text: string,
  operands: readonly Value[],
  more: Partial<Omit<Value, "type" | "text">> = {},
): Value {
  return {
    type,
    text,
    isAtom: false,
    constant: null,
    condition: null,
    locals: new Set(operands.flatMap(({ locals }) => [...locals])),
    readsMemory: operands.some(({ readsMemory }) => readsMemory),
    readsGlobals: operands.some(({ readsGlobals }) => readsGlobals),
    mayTrap: operands.some(({ mayTrap }) => mayTrap),
    ...more,
  };
}

/** A call of a C function. */
export function called(
  type: NumberType,
  name: string,
  operands: readonly Value[],
  more: Partial<Omit<Value, "type" | "text">> = {},
): Value {
  return computed(type, `${name}(${operands.map(({ text }) => text).join(", ")})`, operands, {
    isAtom: true,
    ...more,
  });
}

/** A comparison: 1 or 0. */
export function compared(condition: string, operands: readonly Value[]): Value {
  return computed("i32", `(uint32_t)(${condition})`, operands, { condition });
}

/** A variable, or whatever depends on nothing. */
export function atom(type: NumberType, text: string, more: Partial<Value> = {}): Value {
  return {
    type,
    text,
    isAtom: true,
    constant: null,
    condition: null,
    locals: NO_LOCALS,
    readsMemory: false,
    readsGlobals: false,
    mayTrap: false,
    ...more,
  };
}

/** The expression as an operand. */
export function operand({ isAtom, text }: Value): string {
  return isAtom ? text : `(${text})`;
}

/** The value as a condition of C. */
export function conditionOf(value: Value): string {
  if (value.condition !== null) return value.condition;
  if (value.constant !== null) return value.constant === 0n ? "0" : "1";
  return `${operand(value)} != 0`;
}
