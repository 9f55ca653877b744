/** What the generator does not bind, said with its place. */
import { UserError } from "../errors/user-error.js";
import type { ValueType } from "../wit/model.js";
import { witType } from "../wit/wit-type.js";

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
