/**
 * Values in linear memory: one codec a type, made once. `load` and `store` expect an address that is aligned
 * and in bounds for the type; whoever has it from the guest checks it first.
 *
 * Spec: CanonicalABI.md, "Loading" and "Storing"
 */
import {
  alignment,
  casesOf,
  elemSize,
  fieldsOf,
  flagsByteLength,
  recordLayout,
  variantLayout,
} from "../../wit/layout.js";
import type { PrimitiveKind, ValueType } from "../../wit/model.js";
import type { LiftLowerContext } from "./lift-lower-context.js";
import { checkInteger, charOf, codePointOf, packFlags, unpackFlags } from "./scalar.js";
import { loadString, storeString } from "./string-codec.js";
import { trapIf } from "./trap.js";
import { caseOf, caseValue, type LabelledValue, type Value } from "./value.js";

/** Bytes that a list takes at most. */
export const MAX_LIST_BYTE_LENGTH = 2 ** 28 - 1;

/** Reads and writes values of one type. */
export interface Codec {
  readonly elemSize: number;
  readonly alignment: number;
  load(cx: LiftLowerContext, ptr: number): Value;
  store(cx: LiftLowerContext, ptr: number, value: Value): void;
}

type LoadStore = Pick<Codec, "load" | "store">;

const codecs = new WeakMap<ValueType, Codec>();

/** The codec of a type. */
export function codecOf(type: ValueType): Codec {
  let codec = codecs.get(type);
  if (codec === undefined) {
    codec = { elemSize: elemSize(type), alignment: alignment(type), ...makeCodec(type) };
    codecs.set(type, codec);
  }
  return codec;
}

function makeCodec(type: ValueType): LoadStore {
  switch (type.kind) {
    case "list":
      return type.length === undefined ? listCodec(type.element) : fixedListCodec(type.element, type.length);
    case "record":
      return recordCodec(type);
    case "tuple":
      return tupleCodec(type);
    case "variant":
    case "enum":
    case "option":
    case "result":
      return variantCodec(type);
    case "flags":
      return flagsCodec(type.labels);
    case "own":
    case "borrow":
    case "stream":
    case "future":
    case "error-context":
      return {
        load: (cx, ptr) => cx.handles.lift(cx.memory.view.getUint32(ptr, true), type),
        store: (cx, ptr, value) => {
          const handle = cx.handles.lower(value, type);
          cx.memory.view.setUint32(ptr, handle, true);
        },
      };
    default:
      return primitiveCodecs[type.kind];
  }
}

const primitiveCodecs: Record<PrimitiveKind, LoadStore> = {
  bool: {
    load: (cx, ptr) => cx.memory.view.getUint8(ptr) !== 0,
    store: (cx, ptr, value) => {
      cx.memory.view.setUint8(ptr, value ? 1 : 0);
    },
  },
  u8: {
    load: (cx, ptr) => cx.memory.view.getUint8(ptr),
    store: (cx, ptr, value) => {
      cx.memory.view.setUint8(ptr, Number(checkInteger("u8", value)));
    },
  },
  u16: {
    load: (cx, ptr) => cx.memory.view.getUint16(ptr, true),
    store: (cx, ptr, value) => {
      cx.memory.view.setUint16(ptr, Number(checkInteger("u16", value)), true);
    },
  },
  u32: {
    load: (cx, ptr) => cx.memory.view.getUint32(ptr, true),
    store: (cx, ptr, value) => {
      cx.memory.view.setUint32(ptr, Number(checkInteger("u32", value)), true);
    },
  },
  u64: {
    load: (cx, ptr) => cx.memory.view.getBigUint64(ptr, true),
    store: (cx, ptr, value) => {
      cx.memory.view.setBigUint64(ptr, BigInt(checkInteger("u64", value)), true);
    },
  },
  s8: {
    load: (cx, ptr) => cx.memory.view.getInt8(ptr),
    store: (cx, ptr, value) => {
      cx.memory.view.setInt8(ptr, Number(checkInteger("s8", value)));
    },
  },
  s16: {
    load: (cx, ptr) => cx.memory.view.getInt16(ptr, true),
    store: (cx, ptr, value) => {
      cx.memory.view.setInt16(ptr, Number(checkInteger("s16", value)), true);
    },
  },
  s32: {
    load: (cx, ptr) => cx.memory.view.getInt32(ptr, true),
    store: (cx, ptr, value) => {
      cx.memory.view.setInt32(ptr, Number(checkInteger("s32", value)), true);
    },
  },
  s64: {
    load: (cx, ptr) => cx.memory.view.getBigInt64(ptr, true),
    store: (cx, ptr, value) => {
      cx.memory.view.setBigInt64(ptr, BigInt(checkInteger("s64", value)), true);
    },
  },
  f32: {
    load: (cx, ptr) => cx.memory.view.getFloat32(ptr, true),
    store: (cx, ptr, value) => {
      if (Number.isNaN(value)) cx.memory.view.setUint32(ptr, 0x7fc0_0000, true);
      else cx.memory.view.setFloat32(ptr, value as number, true);
    },
  },
  f64: {
    load: (cx, ptr) => cx.memory.view.getFloat64(ptr, true),
    store: (cx, ptr, value) => {
      if (Number.isNaN(value)) cx.memory.view.setBigUint64(ptr, 0x7ff8_0000_0000_0000n, true);
      else cx.memory.view.setFloat64(ptr, value as number, true);
    },
  },
  char: {
    load: (cx, ptr) => charOf(cx.memory.view.getUint32(ptr, true)),
    store: (cx, ptr, value) => {
      cx.memory.view.setUint32(ptr, codePointOf(value), true);
    },
  },
  string: {
    load: (cx, ptr) => loadString(cx, loadPair(cx, ptr)),
    store: (cx, ptr, value) => {
      const range = storeString(cx, value as string);
      storePair(cx, ptr, range.ptr, range.taggedCodeUnits);
    },
  },
};

function loadPair(cx: LiftLowerContext, ptr: number): { ptr: number; taggedCodeUnits: number } {
  const { view } = cx.memory;
  return { ptr: view.getUint32(ptr, true), taggedCodeUnits: view.getUint32(ptr + 4, true) };
}

function storePair(cx: LiftLowerContext, ptr: number, first: number, second: number): void {
  const { view } = cx.memory;
  view.setUint32(ptr, first, true);
  view.setUint32(ptr + 4, second, true);
}

function listCodec(element: ValueType): LoadStore {
  return {
    load: (cx, ptr) => {
      const range = loadPair(cx, ptr);
      return loadList(cx, element, range.ptr, range.taggedCodeUnits);
    },
    store: (cx, ptr, value) => {
      const range = storeList(cx, element, value as readonly Value[]);
      storePair(cx, ptr, range.ptr, range.length);
    },
  };
}

/**
 * Lifts a list that the guest says is at `ptr`.
 * Traps: misaligned, out of bounds, longer than 2^28-1 bytes
 */
export function loadList(cx: LiftLowerContext, element: ValueType, ptr: number, length: number): Value[] {
  const codec = codecOf(element);
  const byteLength = length * codec.elemSize;
  trapIf(byteLength > MAX_LIST_BYTE_LENGTH, `a list of ${byteLength} bytes is longer than the ABI allows`);
  cx.checkRange(ptr, byteLength, codec.alignment, "list");
  return loadElements(cx, codec, ptr, length);
}

/** Lowers a list into memory of the guest's allocator. */
export function storeList(
  cx: LiftLowerContext,
  element: ValueType,
  values: readonly Value[],
): { ptr: number; length: number } {
  const codec = codecOf(element);
  const byteLength = values.length * codec.elemSize;
  if (byteLength > MAX_LIST_BYTE_LENGTH)
    throw new RangeError(`a list of ${byteLength} bytes is too long to lower`);
  const ptr = cx.allocate(codec.alignment, byteLength);
  storeElements(cx, codec, ptr, values);
  return { ptr, length: values.length };
}

/** Loads `length` elements from a range that has been checked. */
export function loadElements(cx: LiftLowerContext, codec: Codec, ptr: number, length: number): Value[] {
  return Array.from({ length }, (_, i) => codec.load(cx, ptr + i * codec.elemSize));
}

/** Stores elements into a range that has been checked. */
export function storeElements(
  cx: LiftLowerContext,
  codec: Codec,
  ptr: number,
  values: readonly Value[],
): void {
  values.forEach((value, i) => {
    codec.store(cx, ptr + i * codec.elemSize, value);
  });
}

function fixedListCodec(element: ValueType, length: number): LoadStore {
  const codec = codecOf(element);
  return {
    load: (cx, ptr) => loadElements(cx, codec, ptr, length),
    store: (cx, ptr, value) => {
      const values = value as readonly Value[];
      if (values.length !== length)
        throw new RangeError(`expected a list of ${length} elements, not ${values.length}`);
      storeElements(cx, codec, ptr, values);
    },
  };
}

function recordCodec(type: ValueType & { kind: "record" }): LoadStore {
  const { offsets } = recordLayout(type.fields);
  const fields = type.fields.map((field, i) => ({
    name: field.name,
    offset: offsets[i]!,
    codec: codecOf(field.type),
  }));
  return {
    load: (cx, ptr) => Object.fromEntries(fields.map((f) => [f.name, f.codec.load(cx, ptr + f.offset)])),
    store: (cx, ptr, value) => {
      for (const f of fields) f.codec.store(cx, ptr + f.offset, (value as LabelledValue)[f.name]!);
    },
  };
}

function tupleCodec(type: ValueType & { kind: "tuple" }): LoadStore {
  const { offsets } = recordLayout(fieldsOf(type));
  const fields = type.types.map((t, i) => ({ offset: offsets[i]!, codec: codecOf(t) }));
  return {
    load: (cx, ptr) => fields.map((f) => f.codec.load(cx, ptr + f.offset)),
    store: (cx, ptr, value) => {
      fields.forEach((f, i) => {
        f.codec.store(cx, ptr + f.offset, (value as readonly Value[])[i]!);
      });
    },
  };
}

function variantCodec(type: ValueType & { kind: "variant" | "enum" | "option" | "result" }): LoadStore {
  const { discriminantByteLength: width, payloadOffset } = variantLayout(casesOf(type));
  const cases = casesOf(type).map((c) => ({ name: c.name, codec: c.type === null ? null : codecOf(c.type) }));
  const indexOf = new Map(cases.map((c, i) => [c.name, i]));
  return {
    load: (cx, ptr) => {
      const index = loadUnsigned(cx, ptr, width);
      trapIf(index >= cases.length, `discriminant ${index} of a type with ${cases.length} cases`);
      const { name, codec } = cases[index]!;
      return caseValue(type.kind, name, codec === null ? null : codec.load(cx, ptr + payloadOffset));
    },
    store: (cx, ptr, value) => {
      const { label, payload } = caseOf(value);
      const index = indexOf.get(label);
      if (index === undefined) throw new TypeError(`no case is named "${label}"`);
      storeUnsigned(cx, ptr, width, index);
      cases[index]!.codec?.store(cx, ptr + payloadOffset, payload);
    },
  };
}

function flagsCodec(labels: readonly string[]): LoadStore {
  const width = flagsByteLength(labels.length);
  return {
    load: (cx, ptr) => unpackFlags(loadUnsigned(cx, ptr, width), labels),
    store: (cx, ptr, value) => {
      storeUnsigned(cx, ptr, width, packFlags(value as LabelledValue, labels));
    },
  };
}

function loadUnsigned(cx: LiftLowerContext, ptr: number, width: 1 | 2 | 4): number {
  const { view } = cx.memory;
  return width === 1
    ? view.getUint8(ptr)
    : width === 2
      ? view.getUint16(ptr, true)
      : view.getUint32(ptr, true);
}

function storeUnsigned(cx: LiftLowerContext, ptr: number, width: 1 | 2 | 4, value: number): void {
  const { view } = cx.memory;
  if (width === 1) view.setUint8(ptr, value);
  else if (width === 2) view.setUint16(ptr, value, true);
  else view.setUint32(ptr, value, true);
}
