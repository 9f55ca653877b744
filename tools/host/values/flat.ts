/**
 * Values as core values: parameters and results of core functions.
 *
 * Spec: CanonicalABI.md, "Flat Lifting", "Flat Lowering", "Lifting and Lowering Values"
 */
import { casesOf, elemSize, alignment, fieldsOf, flatten, type CoreType } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { codecOf, loadList, storeList } from "./codec.js";
import type { LiftLowerContext } from "./lift-lower-context.js";
import { charOf, checkInteger, codePointOf, packFlags, unpackFlags } from "./scalar.js";
import { loadString, storeString } from "./string-codec.js";
import { trapIf } from "./trap.js";
import { caseOf, caseValue, type LabelledValue, type Value } from "./value.js";

/**
 * A core value as JavaScript has it: i64 is a bigint, all others are numbers; i32 may come with either sign.
 */
export type CoreValue = number | bigint;

/** Core values that are taken one after the other. */
export class CoreValues {
  private next = 0;

  constructor(private readonly values: readonly CoreValue[]) {}

  /** The next value, an i32 as unsigned. */
  u32(): number {
    return Number(this.take()) >>> 0;
  }

  /** The next core value. */
  take(): CoreValue {
    const value = this.values[this.next++];
    if (value === undefined) throw new RangeError("a core function was called with too few values");
    return value;
  }
}

/**
 * Lifts values of these types.
 * Traps: what cannot be lifted; parameters in memory that are misaligned or out of bounds
 */
export function liftValues(
  cx: LiftLowerContext,
  maxFlat: number,
  from: CoreValues,
  types: readonly ValueType[],
): Value[] {
  if (types.flatMap(flatten).length <= maxFlat)
    return types.map((type) => liftFlat(cx, () => from.take(), type));
  const tuple: ValueType = { kind: "tuple", types };
  const ptr = from.u32();
  cx.checkRange(ptr, elemSize(tuple), alignment(tuple), "values in memory");
  return codecOf(tuple).load(cx, ptr) as Value[];
}

/**
 * Lowers values of these types. Those that are too many go to memory: at the address that `outPointer` gives,
 * or without one to memory of the guest's allocator, whose address is then the only core value.
 */
export function lowerValues(
  cx: LiftLowerContext,
  maxFlat: number,
  values: readonly Value[],
  types: readonly ValueType[],
  outPointer: CoreValues | null = null,
): CoreValue[] {
  if (types.flatMap(flatten).length <= maxFlat)
    return types.flatMap((type, i) => lowerFlat(cx, values[i]!, type));
  const tuple: ValueType = { kind: "tuple", types };
  const ptr = outPointer === null ? cx.allocate(alignment(tuple), elemSize(tuple)) : outPointer.u32();
  cx.checkRange(ptr, elemSize(tuple), alignment(tuple), "values in memory");
  codecOf(tuple).store(cx, ptr, values);
  return outPointer === null ? [ptr] : [];
}

/** Gives the next core value. */
type Take = () => CoreValue;

const u32 = (value: CoreValue): number => Number(value) >>> 0;
const i64 = (value: CoreValue): bigint => BigInt(value);

function liftFlat(cx: LiftLowerContext, take: Take, type: ValueType): Value {
  switch (type.kind) {
    case "bool":
      return u32(take()) !== 0;
    case "u8":
      return u32(take()) & 0xff;
    case "u16":
      return u32(take()) & 0xffff;
    case "u32":
      return u32(take());
    case "s8":
      return (u32(take()) << 24) >> 24;
    case "s16":
      return (u32(take()) << 16) >> 16;
    case "s32":
      return u32(take()) | 0;
    case "u64":
      return BigInt.asUintN(64, i64(take()));
    case "s64":
      return BigInt.asIntN(64, i64(take()));
    case "f32":
    case "f64":
      return Number(take());
    case "char":
      return charOf(u32(take()));
    case "string":
      return loadString(cx, { ptr: u32(take()), taggedCodeUnits: u32(take()) });
    case "list":
      if (type.length === undefined) return loadList(cx, type.element, u32(take()), u32(take()));
      return Array.from({ length: type.length }, () => liftFlat(cx, take, type.element));
    case "record":
      return Object.fromEntries(type.fields.map((field) => [field.name, liftFlat(cx, take, field.type)]));
    case "tuple":
      return type.types.map((t) => liftFlat(cx, take, t));
    case "variant":
    case "enum":
    case "option":
    case "result":
      return liftFlatVariant(cx, take, type);
    case "flags":
      return unpackFlags(u32(take()), type.labels);
    default:
      return cx.handles.lift(u32(take()), type);
  }
}

type VariantType = ValueType & { kind: "variant" | "enum" | "option" | "result" };

function liftFlatVariant(cx: LiftLowerContext, take: Take, type: VariantType): Value {
  const cases = casesOf(type);
  const index = u32(take());
  trapIf(index >= cases.length, `discriminant ${index} of a type with ${cases.length} cases`);
  const [, ...slots] = flatten(type);
  const raw = slots.map(() => take());
  const chosen = cases[index]!;
  if (chosen.type === null) return caseValue(type.kind, chosen.name, null);
  const wanted = flatten(chosen.type);
  let next = 0;
  const takeSlot = (): CoreValue => {
    const value = fromSlot(raw[next]!, slots[next]!, wanted[next]!);
    next++;
    return value;
  };
  return caseValue(type.kind, chosen.name, liftFlat(cx, takeSlot, chosen.type));
}

const bits = new DataView(new ArrayBuffer(8));

/** What a case's payload put into a slot that several cases share. */
function fromSlot(value: CoreValue, slot: CoreType, wanted: CoreType): CoreValue {
  if (slot === wanted) return value;
  if (wanted === "i32") return Number(BigInt.asUintN(32, i64(value)));
  if (wanted === "f32") {
    bits.setUint32(0, Number(BigInt.asUintN(32, i64(value))));
    return bits.getFloat32(0);
  }
  bits.setBigUint64(0, BigInt.asUintN(64, i64(value)));
  return bits.getFloat64(0);
}

/** A payload's core value in a slot that several cases share. */
function toSlot(value: CoreValue, have: CoreType, slot: CoreType): CoreValue {
  if (have === slot) return value;
  if (have === "f32") bits.setFloat32(0, Number(value));
  if (have === "f64") bits.setFloat64(0, Number(value));
  const raw = have === "f64" ? bits.getBigUint64(0) : have === "f32" ? bits.getUint32(0) : u32(value);
  return slot === "i64" ? BigInt(raw) : raw;
}

function lowerFlat(cx: LiftLowerContext, value: Value, type: ValueType): CoreValue[] {
  switch (type.kind) {
    case "bool":
      return [value ? 1 : 0];
    case "u8":
    case "u16":
    case "u32":
    case "s8":
    case "s16":
    case "s32":
      return [Number(checkInteger(type.kind, value)) >>> 0];
    case "u64":
    case "s64":
      return [BigInt.asUintN(64, BigInt(checkInteger(type.kind, value)))];
    case "f32":
      return [Math.fround(value as number)];
    case "f64":
      return [value as number];
    case "char":
      return [codePointOf(value)];
    case "string": {
      const { ptr, taggedCodeUnits } = storeString(cx, value as string);
      return [ptr, taggedCodeUnits];
    }
    case "list": {
      const values = value as readonly Value[];
      if (type.length !== undefined) return values.flatMap((v) => lowerFlat(cx, v, type.element));
      const { ptr, length } = storeList(cx, type.element, values);
      return [ptr, length];
    }
    case "record":
    case "tuple": {
      const byName = value as LabelledValue;
      return fieldsOf(type).flatMap((field) => lowerFlat(cx, byName[field.name]!, field.type));
    }
    case "variant":
    case "enum":
    case "option":
    case "result":
      return lowerFlatVariant(cx, value, type);
    case "flags":
      return [packFlags(value as LabelledValue, type.labels)];
    default:
      return [cx.handles.lower(value, type)];
  }
}

function lowerFlatVariant(cx: LiftLowerContext, value: Value, type: VariantType): CoreValue[] {
  const cases = casesOf(type);
  const { label, payload } = caseOf(value);
  const index = cases.findIndex((c) => c.name === label);
  if (index < 0) throw new TypeError(`no case is named "${label}"`);
  const { type: payloadType } = cases[index]!;
  const [, ...slots] = flatten(type);
  const have = payloadType === null ? [] : flatten(payloadType);
  const flat = payloadType === null ? [] : lowerFlat(cx, payload, payloadType);
  return [
    index,
    ...slots.map((slot, i) => (i < flat.length ? toSlot(flat[i]!, have[i]!, slot) : slot === "i64" ? 0n : 0)),
  ];
}
