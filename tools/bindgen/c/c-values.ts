/** How one core value becomes a value of C and back. What takes several is copied by plans. */
import { flagsByteLength } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import type { CTypes } from "./c-types.js";

/** The value in a cell. */
export function liftCell(types: CTypes, type: ValueType, cell: string): string {
  switch (type.kind) {
    case "bool":
      return `(uint32_t)${cell} != 0u`;
    case "f32":
    case "f64":
      return `rill_lift_${type.kind}(${cell})`;
    case "u64":
      return cell;
    case "flags":
      return `(${types.value(type)})(${cell} & ${mask(type)})`;
    case "enum":
      return `(${types.value(type)})(uint32_t)${cell}`;
    default:
      return `(${types.value(type)})${cell}`;
  }
}

/** The bits that flags have. */
function mask({ labels }: ValueType & { readonly kind: "flags" }): string {
  return `0x${(2 ** labels.length - 1).toString(16)}u`;
}

/** A condition under which the cell holds no value of the type; null when each does. */
export function cellIsNoValue(type: ValueType, cell: string): string | null {
  return valueIsNone(type, `(uint32_t)${cell}`);
}

/** A value as a cell: integers of less than 32 bits are extended to 32. */
export function lowerCell(type: ValueType, value: string): string {
  switch (type.kind) {
    case "bool":
      return `${value} ? 1u : 0u`;
    case "f32":
    case "f64":
      return `rill_lower_${type.kind}(${value})`;
    case "s8":
    case "s16":
    case "s32":
      return `(uint64_t)(uint32_t)${value}`;
    case "s64":
      return `(uint64_t)${value}`;
    case "enum":
      return `(uint32_t)${value}`;
    case "flags":
      return type.labels.length === 8 * flagsByteLength(type.labels.length)
        ? value
        : `${value} & ${mask(type)}`;
    default:
      return value;
  }
}

/** A condition under which the firmware's value is none of the type. */
export function valueIsNone(type: ValueType, value: string): string | null {
  if (type.kind === "char") return `!rill_is_char(${value})`;
  if (type.kind !== "enum") return null;
  const word = value.startsWith("(uint32_t)") ? value : `(uint32_t)${value}`;
  return `${word} >= ${type.labels.length}u`;
}
