/** The values that stand in for answers that nobody gives: zeros, empty lists, first cases. */
import type { Value } from "../../host/values/value.js";
import type { ValueType } from "../../wit/model.js";
import type { HandleType } from "./js-values.js";

/** The zero of a type. @param handle makes those of handles */
export function zeroValue(type: ValueType, handle: (type: HandleType) => Value): Value {
  const zero = (inner: ValueType): Value => zeroValue(inner, handle);
  switch (type.kind) {
    case "bool":
      return false;
    case "u64":
    case "s64":
      return 0n;
    case "char":
      return "\0";
    case "string":
      return "";
    case "list":
      return Array.from({ length: type.length ?? 0 }, () => zero(type.element));
    case "tuple":
      return type.types.map(zero);
    case "record":
      return Object.fromEntries(type.fields.map((field) => [field.name, zero(field.type)]));
    case "variant": {
      const first = type.cases[0]!;
      return { [first.name]: first.type === null ? null : zero(first.type) };
    }
    case "enum":
      return type.labels[0]!;
    case "flags":
      return Object.fromEntries(type.labels.map((label) => [label, false]));
    case "option":
      return null;
    case "result":
      return { ok: type.ok === null ? null : zero(type.ok) };
    case "own":
    case "borrow":
    case "stream":
    case "future":
    case "error-context":
      return handle(type);
    default:
      return 0;
  }
}
