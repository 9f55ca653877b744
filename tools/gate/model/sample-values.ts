/** Canonical bytes of small, distinct values of any pointer-free type: what the model puts into a stream. */
import { UserError } from "../../errors/user-error.js";
import { casesOf, elemSize, fieldsOf, isPointerFree, recordLayout, variantLayout } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";

/** The bytes of value number `index` of `type`; handles are 0 and filled in by the model. */
export function sampleBytes(type: ValueType, index: number): Uint8Array {
  const bytes = new Uint8Array(elemSize(type));
  write(type, index, new DataView(bytes.buffer), 0);
  return bytes;
}

/** Offsets of own handles in a value; none inside variants, whose cases differ. */
export function handleOffsets(type: ValueType): number[] {
  if (type.kind === "own") return [0];
  if (type.kind !== "record" && type.kind !== "tuple") return [];
  const fields = fieldsOf(type);
  const { offsets } = recordLayout(fields);
  return fields.flatMap((field, i) => handleOffsets(field.type).map((offset) => offsets[i]! + offset));
}

/** Core values of a sample parameter of `type`. */
export function sampleCoreValue(type: ValueType, index: number): number | bigint {
  if (type.kind === "u64" || type.kind === "s64") return BigInt(index);
  if (type.kind === "bool") return index & 1;
  return index;
}

function write(type: ValueType, index: number, view: DataView, at: number): void {
  switch (type.kind) {
    case "bool":
      view.setUint8(at, index & 1);
      return;
    case "u8":
    case "s8":
      view.setUint8(at, index + 1);
      return;
    case "u16":
    case "s16":
      view.setUint16(at, index + 1, true);
      return;
    case "u32":
    case "s32":
      view.setUint32(at, index + 1, true);
      return;
    case "char":
      view.setUint32(at, 0x61 + index, true);
      return;
    case "u64":
    case "s64":
      view.setBigUint64(at, BigInt(index + 1), true);
      return;
    case "f32":
      view.setFloat32(at, index + 1, true);
      return;
    case "f64":
      view.setFloat64(at, index + 1, true);
      return;
    case "flags":
      view.setUint8(at, index % 2);
      return;
    case "record":
    case "tuple": {
      const fields = fieldsOf(type);
      const { offsets } = recordLayout(fields);
      fields.forEach((field, i) => {
        write(field.type, index, view, at + offsets[i]!);
      });
      return;
    }
    case "enum":
    case "variant":
    case "option":
    case "result": {
      const cases = casesOf(type);
      const chosen = index % cases.length;
      const { payloadOffset, discriminantByteLength } = variantLayout(cases);
      if (discriminantByteLength === 1) view.setUint8(at, chosen);
      else view.setUint16(at, chosen, true);
      const payload = cases[chosen]!.type;
      if (payload) write(payload, index, view, at + payloadOffset);
      return;
    }
    default:
      if (isPointerFree(type)) return;
      throw new UserError(
        `the gate's model does not know values of type ${type.kind}; it knows pointer-free types`,
      );
  }
}
