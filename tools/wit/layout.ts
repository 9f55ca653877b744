/**
 * How the canonical ABI lays values out, for 32-bit memories: in linear memory (alignment, element size,
 * offsets) and flattened into core values (parameters and results of core functions).
 *
 * Every figure in bytes. Spec: CanonicalABI.md, "Alignment", "Element Size", "Flattening".
 */
import type { Case, Field, FunctionType, ValueType } from "./model.js";

/** Core value types that flattening can give. */
export type CoreType = "i32" | "i64" | "f32" | "f64";

/** Flat parameters that a core function takes at most; more go through memory. */
export const MAX_FLAT_PARAMS = 16;
/** The same for a function lowered with `async`. */
export const MAX_FLAT_ASYNC_PARAMS = 4;
/** Flat results that a core function gives at most. */
export const MAX_FLAT_RESULTS = 1;
/** Labels that a `flags` type has at most. */
export const MAX_FLAGS = 32;

/** Where the fields of a record or tuple stand: `offsets[i]` belongs to field i. */
export interface RecordLayout {
  readonly offsets: readonly number[];
  readonly elemSize: number;
  readonly alignment: number;
}

/** Where a variant's discriminant (at offset 0) and payload stand. */
export interface VariantLayout {
  readonly discriminantByteLength: 1 | 2 | 4;
  readonly payloadOffset: number;
  readonly elemSize: number;
  readonly alignment: number;
}

/** A core function's signature, and which of its sides go through memory. */
export interface FlatFunction {
  readonly params: readonly CoreType[];
  readonly results: readonly CoreType[];
  /** The parameters stand in memory, the first core parameter points to them. */
  readonly paramsInMemory: boolean;
  /** The result stands in memory: a pointer is the last core parameter (lower) or the core result (lift). */
  readonly resultInMemory: boolean;
}

/** How a function is lifted or lowered, as far as its core signature goes. */
export interface FlattenOptions {
  /** `lift`: the guest exports it. `lower`: the guest imports it. */
  readonly context: "lift" | "lower";
  /** The canonical `async` option, which is not the function type's `async`. */
  readonly async: boolean;
  /** Lifted with a `callback`; only with `async` and `lift`. */
  readonly callback?: boolean;
}

/** Rounds `offset` up to a multiple of `boundary`. */
export function alignTo(offset: number, boundary: number): number {
  return Math.ceil(offset / boundary) * boundary;
}

/** The fields of a record; those of a tuple are named "0", "1", and so on. */
export function fieldsOf(type: ValueType & { kind: "record" | "tuple" }): readonly Field[] {
  return type.kind === "record" ? type.fields : type.types.map((t, i) => ({ name: String(i), type: t }));
}

/** The cases of a variant, or of an enum, option or result taken as one. */
export function casesOf(
  type: ValueType & { kind: "variant" | "enum" | "option" | "result" },
): readonly Case[] {
  switch (type.kind) {
    case "variant":
      return type.cases;
    case "enum":
      return type.labels.map((name) => ({ name, type: null }));
    case "option":
      return [
        { name: "none", type: null },
        { name: "some", type: type.type },
      ];
    case "result":
      return [
        { name: "ok", type: type.ok },
        { name: "error", type: type.error },
      ];
  }
}

/** Bytes of the discriminant of a variant with `caseCount` cases. */
export function discriminantByteLength(caseCount: number): 1 | 2 | 4 {
  return caseCount <= 0x100 ? 1 : caseCount <= 0x10000 ? 2 : 4;
}

/** Bytes of a `flags` value. @throws RangeError with more than 32 labels, which is no valid type */
export function flagsByteLength(labelCount: number): 1 | 2 | 4 {
  if (labelCount > MAX_FLAGS)
    throw new RangeError(`flags with ${labelCount} labels; at most ${MAX_FLAGS} are valid`);
  return labelCount <= 8 ? 1 : labelCount <= 16 ? 2 : 4;
}

/** The layout of fields that follow each other. */
export function recordLayout(fields: readonly Field[]): RecordLayout {
  const offsets: number[] = [];
  let end = 0;
  let largest = 1;
  for (const { type } of fields) {
    const own = alignment(type);
    const offset = alignTo(end, own);
    offsets.push(offset);
    end = offset + elemSize(type);
    largest = Math.max(largest, own);
  }
  return { offsets, elemSize: alignTo(end, largest), alignment: largest };
}

/** The layout of a variant with these cases. */
export function variantLayout(cases: readonly Case[]): VariantLayout {
  const discriminant = discriminantByteLength(cases.length);
  let payloadAlignment = 1;
  let payloadByteLength = 0;
  for (const { type } of cases) {
    if (type === null) continue;
    payloadAlignment = Math.max(payloadAlignment, alignment(type));
    payloadByteLength = Math.max(payloadByteLength, elemSize(type));
  }
  const payloadOffset = alignTo(discriminant, payloadAlignment);
  const whole = Math.max(discriminant, payloadAlignment);
  return {
    discriminantByteLength: discriminant,
    payloadOffset,
    elemSize: alignTo(payloadOffset + payloadByteLength, whole),
    alignment: whole,
  };
}

/** Bytes that an address of a value of this type is a multiple of. */
export function alignment(type: ValueType): number {
  return remembered(alignments, type, alignmentOf);
}

/** Bytes that a value of this type takes in memory, and the stride of its elements in a list or copy. */
export function elemSize(type: ValueType): number {
  return remembered(elemSizes, type, elemSizeOf);
}

/**
 * Each of the two asks for the other of every type inside: without this, each
 * level of nesting doubles the work.
 */
const alignments = new WeakMap<ValueType, number>();
const elemSizes = new WeakMap<ValueType, number>();

function remembered(
  known: WeakMap<ValueType, number>,
  type: ValueType,
  compute: (type: ValueType) => number,
): number {
  const found = known.get(type);
  if (found !== undefined) return found;
  const value = compute(type);
  known.set(type, value);
  return value;
}

function alignmentOf(type: ValueType): number {
  switch (type.kind) {
    case "list":
      return type.length === undefined ? 4 : alignment(type.element);
    case "record":
    case "tuple":
      return recordLayout(fieldsOf(type)).alignment;
    case "variant":
    case "enum":
    case "option":
    case "result":
      return variantLayout(casesOf(type)).alignment;
    case "string":
      return 4;
    default:
      return elemSize(type);
  }
}

function elemSizeOf(type: ValueType): number {
  switch (type.kind) {
    case "bool":
    case "u8":
    case "s8":
      return 1;
    case "u16":
    case "s16":
      return 2;
    case "u32":
    case "s32":
    case "f32":
    case "char":
    case "own":
    case "borrow":
    case "stream":
    case "future":
    case "error-context":
      return 4;
    case "u64":
    case "s64":
    case "f64":
    case "string":
      return 8;
    case "list":
      return type.length === undefined ? 8 : type.length * elemSize(type.element);
    case "record":
    case "tuple":
      return recordLayout(fieldsOf(type)).elemSize;
    case "variant":
    case "enum":
    case "option":
    case "result":
      return variantLayout(casesOf(type)).elemSize;
    case "flags":
      return flagsByteLength(type.labels.length);
  }
}

/** The core values that carry a value of this type. */
export function flatten(type: ValueType): CoreType[] {
  switch (type.kind) {
    case "u64":
    case "s64":
      return ["i64"];
    case "f32":
    case "f64":
      return [type.kind];
    case "string":
      return ["i32", "i32"];
    case "list":
      if (type.length === undefined) return ["i32", "i32"];
      return Array.from({ length: type.length }, () => flatten(type.element)).flat();
    case "record":
    case "tuple":
      return fieldsOf(type).flatMap((field) => flatten(field.type));
    case "variant":
    case "enum":
    case "option":
    case "result":
      return flattenCases(casesOf(type));
    default:
      return ["i32"];
  }
}

/** The core values that carry a variant: the discriminant, then slots that every case's payload fits into. */
function flattenCases(cases: readonly Case[]): CoreType[] {
  const slots: CoreType[] = [];
  for (const { type } of cases) {
    if (type === null) continue;
    flatten(type).forEach((want, i) => {
      const have = slots[i];
      slots[i] = have === undefined ? want : joinCoreTypes(have, want);
    });
  }
  return ["i32", ...slots];
}

/** The smallest core type that carries the bits of both. */
export function joinCoreTypes(a: CoreType, b: CoreType): CoreType {
  if (a === b) return a;
  return (a === "i32" && b === "f32") || (a === "f32" && b === "i32") ? "i32" : "i64";
}

/** The core signature of a function. Spec: CanonicalABI.md, `flatten_functype`. */
export function flattenFunction(
  func: Pick<FunctionType, "params" | "result">,
  options: FlattenOptions,
): FlatFunction {
  let params = func.params.flatMap((param) => flatten(param.type));
  let results = func.result === null ? [] : flatten(func.result);
  const lower = options.context === "lower";
  const paramsInMemory = params.length > (lower && options.async ? MAX_FLAT_ASYNC_PARAMS : MAX_FLAT_PARAMS);
  if (paramsInMemory) params = ["i32"];
  if (options.async && !lower) {
    return { params, results: options.callback ? ["i32"] : [], paramsInMemory, resultInMemory: false };
  }
  const resultInMemory = results.length > (options.async ? 0 : MAX_FLAT_RESULTS);
  if (resultInMemory) {
    if (lower) params.push("i32");
    results = lower ? [] : ["i32"];
  }
  if (options.async) results = ["i32"];
  return { params, results, paramsInMemory, resultInMemory };
}

/** Types directly inside this one, stream and future elements included. */
export function innerTypes(type: ValueType): readonly ValueType[] {
  switch (type.kind) {
    case "list":
      return [type.element];
    case "stream":
    case "future":
      return type.element === null ? [] : [type.element];
    case "record":
    case "tuple":
      return fieldsOf(type).map((field) => field.type);
    case "variant":
    case "option":
    case "result":
      return casesOf(type).flatMap((c) => (c.type === null ? [] : [c.type]));
    default:
      return [];
  }
}

/** True when the canonical representation holds no pointer into memory (handles are no pointers). */
export function isPointerFree(type: ValueType): boolean {
  if (type.kind === "stream" || type.kind === "future") return true;
  if (type.kind === "string" || (type.kind === "list" && type.length === undefined)) return false;
  return innerTypes(type).every(isPointerFree);
}

/** The types of a function's parameters and of its result, if it has one. */
export function functionTypes({ params, result }: FunctionType): ValueType[] {
  return [...params.map(({ type }) => type), ...(result === null ? [] : [result])];
}

/** Whether elements are numbers, or of no type. Spec: CanonicalABI.md, `none_or_number_type` */
export function isNumberOrNone(type: ValueType | null): boolean {
  return type === null || /^([us](8|16|32|64)|f32|f64)$/.test(type.kind);
}

/** True when a value holds a handle: own, borrow, stream, future or error-context, at any depth. */
export function holdsHandle(type: ValueType): boolean {
  if (["own", "borrow", "stream", "future", "error-context"].includes(type.kind)) return true;
  return innerTypes(type).some(holdsHandle);
}

/** True when a stream or future is in a value, at any depth. */
export function holdsEnd(type: ValueType): boolean {
  return type.kind === "stream" || type.kind === "future" || innerTypes(type).some(holdsEnd);
}

/** True when a value holds a borrowed handle, at any depth. */
export function holdsBorrow(type: ValueType): boolean {
  return type.kind === "borrow" || innerTypes(type).some(holdsBorrow);
}

/**
 * Structural equality as the Component Model has it: labels count, names of
 * types do not, resources are nominal.
 */
export function typesEqual(a: ValueType | null, b: ValueType | null): boolean {
  if (a === b) return true;
  if (a === null || b === null || a.kind !== b.kind) return false;
  return typeShape(a) === typeShape(b);
}

/** A text that two types share exactly when they are structurally equal. */
export function typeShape(type: ValueType | null): string {
  if (type === null) return "_";
  let text = shapes.get(type);
  if (text === undefined) shapes.set(type, (text = JSON.stringify(stripped(type))));
  return text;
}

const shapes = new WeakMap<ValueType, string>();

/** The type without its names of declaration, in a fixed order of keys. */
function stripped(type: ValueType): unknown {
  switch (type.kind) {
    case "list":
      return ["list", type.length ?? null, stripped(type.element)];
    case "record":
      return ["record", ...type.fields.map((field) => [field.name, stripped(field.type)])];
    case "tuple":
      return ["tuple", ...type.types.map(stripped)];
    case "variant":
      return ["variant", ...type.cases.map((c) => [c.name, c.type && stripped(c.type)])];
    case "enum":
    case "flags":
      return [type.kind, ...type.labels];
    case "option":
      return ["option", stripped(type.type)];
    case "result":
      return ["result", type.ok && stripped(type.ok), type.error && stripped(type.error)];
    case "own":
    case "borrow":
      return [type.kind, type.resource.owner, type.resource.name, type.resource.exported === true];
    case "stream":
    case "future":
      return [type.kind, type.element && stripped(type.element)];
    default:
      return [type.kind];
  }
}
