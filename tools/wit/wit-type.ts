/** WIT types in WIT's own words. */
import type { ValueType } from "./model.js";

/** A type as WIT writes it. */
export function witType(type: ValueType | null): string {
  if (type === null) return "_";
  if (type.name) return type.name.name;
  switch (type.kind) {
    case "list":
      return `list<${witType(type.element)}${type.length === undefined ? "" : `, ${type.length}`}>`;
    case "stream":
    case "future":
      return type.element === null ? type.kind : `${type.kind}<${witType(type.element)}>`;
    case "tuple":
      return `tuple<${type.types.map(witType).join(", ")}>`;
    case "option":
      return `option<${witType(type.type)}>`;
    case "result":
      return witResult(type.ok, type.error);
    case "own":
    case "borrow":
      return `${type.kind}<${type.resource.name}>`;
    default:
      return type.kind;
  }
}

function witResult(ok: ValueType | null, error: ValueType | null): string {
  if (ok === null && error === null) return "result";
  return error === null ? `result<${witType(ok)}>` : `result<${witType(ok)}, ${witType(error)}>`;
}
