/** Values in C: their types, and how one core value becomes one of them and back. */
import type { ValueType } from "../../wit/model.js";

/** The C type of each type that is one core value. */
const SCALARS: Readonly<Record<string, string>> = {
  bool: "bool",
  u8: "uint8_t",
  u16: "uint16_t",
  u32: "uint32_t",
  u64: "uint64_t",
  s8: "int8_t",
  s16: "int16_t",
  s32: "int32_t",
  s64: "int64_t",
  f32: "float",
  f64: "double",
  char: "uint32_t",
};

/** Whether a value is one core value that is no handle. */
export function isOneCell(type: ValueType): boolean {
  return type.kind in SCALARS;
}

/** What the C type is called. */
export function cTypeOf(type: ValueType): string {
  return SCALARS[type.kind]!;
}

/** The value in a cell. */
export function liftCell(type: ValueType, cell: string): string {
  switch (type.kind) {
    case "bool":
      return `(uint32_t)${cell} != 0u`;
    case "f32":
    case "f64":
      return `rill_lift_${type.kind}(${cell})`;
    case "u64":
      return cell;
    default:
      return `(${cTypeOf(type)})${cell}`;
  }
}

/** A condition under which the cell holds no value of the type; null when each does. */
export function cellIsNoValue(type: ValueType, cell: string): string | null {
  return type.kind === "char" ? `!rill_is_char((uint32_t)${cell})` : null;
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
    default:
      return value;
  }
}

/** A condition under which the firmware's value is none of the type. */
export function valueIsNone(type: ValueType, value: string): string | null {
  return type.kind === "char" ? `!rill_is_char(${value})` : null;
}
