/** What the generator does not bind, said with its place. */
import { UserError } from "../errors/user-error.js";
import type { ValueType } from "../wit/model.js";

/** Where something stands in the WIT: interface, function and parameter by name. */
export interface Place {
  readonly owner: string;
  readonly path: string;
}

/** A place one step further in. */
export function inside(place: Place, step: string): Place {
  return { owner: place.owner, path: place.path === "" ? step : `${place.path}, ${step}` };
}

/** The error for a type that is not bound. */
export function refused(type: ValueType, place: Place, why: string): UserError {
  const name = type.name ? `${type.kind} ${type.name.name}` : witType(type);
  return new UserError(`${place.owner}, ${place.path}: the type ${name} is not supported here; ${why}`);
}

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
