/**
 * Statements and expressions that turn a value in canonical layout into its core values, and back.
 * Spec: CanonicalABI.md, "Flattening", `lift_flat` and `lower_flat`
 */
import {
  type CoreType,
  casesOf,
  elemSize,
  fieldsOf,
  flatten,
  recordLayout,
  variantLayout,
} from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { isPair, isView } from "./kinds.js";

/** Types whose core values are a case's index, then slots that the cases share. */
export type CaseType = ValueType & { readonly kind: "variant" | "option" | "result" };
/** Types whose core values are those of their parts, one after the other. */
export type FieldType = ValueType & { readonly kind: "record" | "tuple" | "list" };

/**
 * The core values of the value at `address` + `offset`, as AssemblyScript expressions without side effect.
 * A slot that the value's case does not use holds any bits of the value: who lifts it does not look.
 */
export function loadFlat(type: ValueType, address: string, offset = 0): string[] {
  if (isAddressed(type)) return [0, 4].map((word) => `load<i32>(${at(address, offset + word)})`);
  if (!isView(type)) return [loadCore(type, address, offset)];
  if (type.kind === "record" || type.kind === "tuple" || type.kind === "list")
    return parts(type as FieldType).flatMap((part) => loadFlat(part.type, address, offset + part.offset));
  return loadCases(type as CaseType, address, offset);
}

function loadCases(type: CaseType, address: string, offset: number): string[] {
  const cases = casesOf(type);
  const layout = variantLayout(cases);
  const tag = `i32(load<${tagName(type)}>(${at(address, offset)}))`;
  const payloads = cases.map((item) =>
    item.type === null ? [] : loadFlat(item.type, address, offset + layout.payloadOffset),
  );
  const [, ...slots] = flatten(type);
  const values = slots.map((slot, place) => {
    const choices = payloads.flatMap((payload, index) => {
      const value = payload[place];
      if (value === undefined) return [];
      return [{ index, value: toSlot(value, flatten(cases[index]!.type!)[place]!, slot) }];
    });
    const last = choices.pop()!;
    if (choices.every(({ value }) => value === last.value)) return last.value;
    return `(${choices.map(({ index, value }) => `${tag} == ${index} ? ${value} : `).join("")}${last.value})`;
  });
  return [tag, ...values];
}

/**
 * Statements that store a value at `address` + `offset`.
 * @param values expressions for its core values, of the types that `flatten` gives
 */
export function storeFlat(
  type: ValueType,
  address: string,
  offset: number,
  values: readonly string[],
): string[] {
  if (isAddressed(type))
    return [0, 4].map((word, index) => `store<i32>(${at(address, offset + word, values[index]!)});`);
  if (!isView(type)) return [storeCore(type, address, offset, values[0]!)];
  if (type.kind !== "record" && type.kind !== "tuple" && type.kind !== "list")
    return storeCases(type as CaseType, address, offset, values);
  let next = 0;
  return parts(type as FieldType).flatMap((part) => {
    const own = values.slice(next, (next += flatten(part.type).length));
    return storeFlat(part.type, address, offset + part.offset, own);
  });
}

function storeCases(type: CaseType, address: string, offset: number, values: readonly string[]): string[] {
  const cases = casesOf(type);
  const layout = variantLayout(cases);
  const [tag, ...raw] = values;
  const [, ...slots] = flatten(type);
  const statements = [`store<${tagName(type)}>(${at(address, offset, `<${tagName(type)}>${tag!}`)});`];
  const payloads = cases.flatMap((item, index) => {
    if (item.type === null) return [];
    const own = flatten(item.type).map((core, place) => fromSlot(raw[place]!, slots[place]!, core));
    return [{ index, body: storeFlat(item.type, address, offset + layout.payloadOffset, own) }];
  });
  const [first, ...others] = payloads;
  if (!first) return statements;
  const same = others.every(({ body }) => body.join() === first.body.join());
  // Without a choice between payloads there is no need to ask which case it is.
  if (same) return [...statements, ...first.body];
  payloads.forEach(({ index, body }, place) => {
    const head = `${place === 0 ? "" : "} else "}if (${tag!} == ${index}) {`;
    statements.push(head, ...body.map((line) => `  ${line}`));
  });
  return [...statements, "}"];
}

/** Whether a value is an address and a length. */
export function isAddressed(type: ValueType): boolean {
  return isPair(type) || (type.kind === "list" && type.length === undefined);
}

/** Fields, in order, with their offsets. */
export function parts(type: FieldType): { readonly type: ValueType; readonly offset: number }[] {
  if (type.kind === "list") {
    const stride = elemSize(type.element);
    return Array.from({ length: type.length ?? 0 }, (_, index) => ({
      type: type.element,
      offset: index * stride,
    }));
  }
  const fields = fieldsOf(type);
  const { offsets } = recordLayout(fields);
  return fields.map((field, index) => ({ type: field.type, offset: offsets[index]! }));
}

/** Arguments of a load, or with a value of a store. */
function at(address: string, offset: number, value?: string): string {
  const values = value === undefined ? [address] : [address, value];
  return [...values, ...(offset === 0 ? [] : [String(offset)])].join(", ");
}

function loadCore(type: ValueType, address: string, offset: number): string {
  const name = memoryName(type);
  const value = `load<${name}>(${at(address, offset)})`;
  return isWhole(type) ? value : `i32(${value})`;
}

function storeCore(type: ValueType, address: string, offset: number, value: string): string {
  const name = memoryName(type);
  const stored = isWhole(type) ? value : `<${name}>${value}`;
  return `store<${name}>(${at(address, offset, stored)});`;
}

/** The AssemblyScript type of a number in memory. Whole core values go as they are, whatever their sign. */
function memoryName(type: ValueType): string {
  if (isWhole(type)) return flatten(type)[0]!;
  return `${type.kind === "s8" || type.kind === "s16" ? "i" : "u"}${elemSize(type) * 8}`;
}

/** Whether a number takes as many bytes in memory as its core value. */
function isWhole(type: ValueType): boolean {
  return flatten(type)[0] !== "i32" || elemSize(type) === 4;
}

function tagName(type: CaseType): string {
  return `u${variantLayout(casesOf(type)).discriminantByteLength * 8}`;
}

/** A payload's core value in a slot that several cases share. */
function toSlot(value: string, have: CoreType, slot: CoreType): string {
  if (have === slot) return value;
  if (have === "f64") return `reinterpret<i64>(${value})`;
  const bits = have === "f32" ? `reinterpret<i32>(${value})` : value;
  return slot === "i64" ? `i64(u32(${bits}))` : bits;
}

/** What a payload put into a slot that several cases share. */
function fromSlot(value: string, slot: CoreType, wanted: CoreType): string {
  if (slot === wanted) return value;
  if (wanted === "f64") return `reinterpret<f64>(${value})`;
  const bits = slot === "i64" ? `i32(${value})` : value;
  return wanted === "f32" ? `reinterpret<f32>(${bits})` : bits;
}
