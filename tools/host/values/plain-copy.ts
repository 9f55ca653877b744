/**
 * Copies elements of plain types (no pointer, no handle inside) between two memories in one step that has the
 * effect of lifting and lowering: bools become 0 or 1, NaNs the canonical one, padding is not written, and
 * what cannot be lifted traps. One copier a type, made once.
 */
import {
  casesOf,
  elemSize,
  fieldsOf,
  flagsByteLength,
  holdsHandle,
  isPointerFree,
  recordLayout,
  variantLayout,
} from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { charOf } from "./scalar.js";
import { trapIf } from "./trap.js";

/** Copies one element from `source` at `from` to `target` at `to`; both in bounds. */
type CopyOne = (source: DataView, from: number, target: DataView, to: number) => void;

/** Copies `length` elements; the source may not overlap the target. */
export interface PlainCopier {
  readonly elemSize: number;
  copy(source: Uint8Array, from: number, target: Uint8Array, to: number, length: number): void;
}

const copiers = new WeakMap<ValueType, PlainCopier>();

/** True for types whose elements are bytes alone. */
export function isPlain(type: ValueType): boolean {
  return isPointerFree(type) && !holdsHandle(type);
}

/** The copier of a plain type. */
export function plainCopier(type: ValueType): PlainCopier {
  let copier = copiers.get(type);
  if (copier === undefined) {
    copier = makeCopier(type);
    copiers.set(type, copier);
  }
  return copier;
}

function makeCopier(type: ValueType): PlainCopier {
  const stride = elemSize(type);
  if (isBitwise(type)) {
    return {
      elemSize: stride,
      copy: (source, from, target, to, length) => {
        target.set(source.subarray(from, from + length * stride), to);
      },
    };
  }
  const one = copyOne(type);
  return {
    elemSize: stride,
    copy: (source, from, target, to, length) => {
      const sourceView = new DataView(source.buffer, source.byteOffset, source.byteLength);
      const targetView = new DataView(target.buffer, target.byteOffset, target.byteLength);
      for (let i = 0; i < length; i++) one(sourceView, from + i * stride, targetView, to + i * stride);
    },
  };
}

/** Types whose every bit pattern is a value of its own: integers, and fixed lists of them. */
function isBitwise(type: ValueType): boolean {
  if (type.kind === "list") return isBitwise(type.element);
  return /^[us](8|16|32|64)$/.test(type.kind);
}

function copyOne(type: ValueType): CopyOne {
  switch (type.kind) {
    case "bool":
      return (source, from, target, to) => {
        target.setUint8(to, source.getUint8(from) === 0 ? 0 : 1);
      };
    case "f32":
      return (source, from, target, to) => {
        const bits = source.getUint32(from, true);
        target.setUint32(to, (bits & 0x7fff_ffff) > 0x7f80_0000 ? 0x7fc0_0000 : bits, true);
      };
    case "f64":
      return copyF64;
    case "char":
      return (source, from, target, to) => {
        const codePoint = source.getUint32(from, true);
        charOf(codePoint);
        target.setUint32(to, codePoint, true);
      };
    case "flags":
      return copyFlags(type.labels.length);
    case "list":
      return copyFields(
        Array.from({ length: type.length! }, (_, i) => [i * elemSize(type.element), type.element]),
      );
    case "record":
    case "tuple": {
      const fields = fieldsOf(type);
      const { offsets } = recordLayout(fields);
      return copyFields(fields.map((field, i) => [offsets[i]!, field.type]));
    }
    case "variant":
    case "enum":
    case "option":
    case "result":
      return copyVariant(type);
    default:
      return copyBytes(elemSize(type));
  }
}

function copyBytes(byteLength: number): CopyOne {
  if (byteLength === 1)
    return (source, from, target, to) => {
      target.setUint8(to, source.getUint8(from));
    };
  if (byteLength === 2)
    return (source, from, target, to) => {
      target.setUint16(to, source.getUint16(from, true), true);
    };
  if (byteLength === 4)
    return (source, from, target, to) => {
      target.setUint32(to, source.getUint32(from, true), true);
    };
  return (source, from, target, to) => {
    target.setBigUint64(to, source.getBigUint64(from, true), true);
  };
}

const copyF64: CopyOne = (source, from, target, to) => {
  const low = source.getUint32(from, true);
  const high = source.getUint32(from + 4, true);
  const magnitude = high & 0x7fff_ffff;
  const isNaN = magnitude > 0x7ff0_0000 || (magnitude === 0x7ff0_0000 && low !== 0);
  target.setUint32(to, isNaN ? 0 : low, true);
  target.setUint32(to + 4, isNaN ? 0x7ff8_0000 : high, true);
};

function copyFlags(labelCount: number): CopyOne {
  const width = flagsByteLength(labelCount);
  const mask = labelCount === 32 ? 0xffff_ffff : 2 ** labelCount - 1;
  if (width === 1)
    return (source, from, target, to) => {
      target.setUint8(to, source.getUint8(from) & mask);
    };
  if (width === 2)
    return (source, from, target, to) => {
      target.setUint16(to, source.getUint16(from, true) & mask, true);
    };
  return (source, from, target, to) => {
    target.setUint32(to, source.getUint32(from, true) & mask, true);
  };
}

function copyFields(fields: readonly (readonly [offset: number, type: ValueType])[]): CopyOne {
  const parts = fields.map(([offset, type]) => ({ offset, copy: copyOne(type) }));
  return (source, from, target, to) => {
    for (const part of parts) part.copy(source, from + part.offset, target, to + part.offset);
  };
}

function copyVariant(type: ValueType & { kind: "variant" | "enum" | "option" | "result" }): CopyOne {
  const cases = casesOf(type);
  const { discriminantByteLength: width, payloadOffset } = variantLayout(cases);
  const payloads = cases.map((c) => (c.type === null ? null : copyOne(c.type)));
  const copyDiscriminant = copyBytes(width);
  const readDiscriminant = (view: DataView, ptr: number): number =>
    width === 1 ? view.getUint8(ptr) : width === 2 ? view.getUint16(ptr, true) : view.getUint32(ptr, true);
  return (source, from, target, to) => {
    const index = readDiscriminant(source, from);
    trapIf(index >= payloads.length, `discriminant ${index} of a type with ${payloads.length} cases`);
    copyDiscriminant(source, from, target, to);
    payloads[index]?.(source, from + payloadOffset, target, to + payloadOffset);
  };
}
