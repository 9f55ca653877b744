/** Value types of the component binary format. Spec: component-model, design/mvp/Binary.md, defvaltype. */
import type { ByteReader } from "../wasm/byte-reader.js";
import { flagsByteLength } from "./layout.js";
import type { PrimitiveKind, Resource, ValueType } from "./model.js";

const primitives: Readonly<Record<number, PrimitiveKind>> = {
  0x7f: "bool",
  0x7e: "s8",
  0x7d: "u8",
  0x7c: "s16",
  0x7b: "u16",
  0x7a: "s32",
  0x79: "u32",
  0x78: "s64",
  0x77: "u64",
  0x76: "f32",
  0x75: "f64",
  0x74: "char",
  0x73: "string",
};

/** The type of a primitive's code. @throws RangeError for a code that is none */
export function primitive(code: number): ValueType {
  const kind = primitives[code];
  if (kind) return { kind };
  if (code === 0x64) return { kind: "error-context" };
  throw new RangeError(`value type 0x${code.toString(16)} is not known`);
}

/** @throws RangeError for more labels than flags have at most */
function flags(labels: readonly string[]): ValueType {
  flagsByteLength(labels.length);
  return { kind: "flags", labels };
}

/**
 * Decodes a defined value type whose opcode has been read.
 * @param valueType reads a reference to another value type
 * @param resource finds a resource by type index
 */
export function decodeValueType(
  opcode: number,
  reader: ByteReader,
  valueType: (reader: ByteReader) => ValueType,
  resource: (index: number) => Resource,
): ValueType {
  const type = (): ValueType => valueType(reader);
  const label = (): string => reader.name();
  /** A flag byte, and a type when it is 1. */
  const optional = (): ValueType | null => (reader.u8() === 0 ? null : type());
  switch (opcode) {
    case 0x72:
      return { kind: "record", fields: reader.vector(() => ({ name: label(), type: type() })) };
    case 0x71:
      return {
        kind: "variant",
        cases: reader.vector(() => {
          const found = { name: label(), type: optional() };
          reader.u8();
          return found;
        }),
      };
    case 0x70:
      return { kind: "list", element: type() };
    case 0x63:
      // A map is, in every other respect, a list of pairs. Spec: CanonicalABI.md, "Despecialization".
      return { kind: "list", element: { kind: "tuple", types: [type(), type()] } };
    case 0x67:
      return { kind: "list", element: type(), length: reader.u32() };
    case 0x6f:
      return { kind: "tuple", types: reader.vector(type) };
    case 0x6e:
      return flags(reader.vector(label));
    case 0x6d:
      return { kind: "enum", labels: reader.vector(label) };
    case 0x6b:
      return { kind: "option", type: type() };
    case 0x6a:
      return { kind: "result", ok: optional(), error: optional() };
    case 0x69:
      return { kind: "own", resource: resource(reader.u32()) };
    case 0x68:
      return { kind: "borrow", resource: resource(reader.u32()) };
    case 0x66:
      return { kind: "stream", element: optional() };
    case 0x65:
      return { kind: "future", element: optional() };
    default:
      return primitive(opcode);
  }
}
