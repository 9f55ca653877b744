/** What bindings for C do not serve: said at its place in the WIT, before anything is written. */
import { UserError } from "../../errors/user-error.js";
import { placesByPath } from "../../wit/doc-reader.js";
import { componentName } from "../../wit/function-name.js";
import { innerTypes } from "../../wit/layout.js";
import type { FunctionType, ValueType } from "../../wit/model.js";
import { type WitSource, placeOf } from "../../wit/wit-source.js";
import { lendsGuestLists } from "./c-kinds.js";
import type { CFunction, CWorld } from "./c-world.js";

/** Something that is not served: which part of the function, what about it, and what to do instead. */
interface Unserved {
  readonly where: string;
  readonly what: string;
  readonly instead: string;
}

/** What is not served about a type. */
type Fault = Omit<Unserved, "where">;

/** @throws UserError for the first function that is not served, with file and line */
export function refuseUnserved(world: CWorld, source: WitSource): void {
  for (const item of [...world.imports, ...world.exports]) {
    const found = unservedIn(item.func) ?? (world.begun.includes(item) ? lentFault(item.func) : null);
    if (found === null) continue;
    const { owner, func } = item;
    const full = owner === "$root" ? world.world.id : owner;
    throw new UserError(
      `${place(world, item, source)}: ${full}, func ${componentName(func)}${found.where}: ` +
        `bindings for C do not serve ${found.what}; ${found.instead}`,
    );
  }
}

function unservedIn(func: FunctionType): Unserved | null {
  for (const { name, type } of func.params) {
    const fault = valueFault(type);
    if (fault !== null) return { where: `, param ${name}`, ...fault };
  }
  const { result } = func;
  if (result === null) return null;
  const fault = valueFault(result);
  return fault && { where: ", result", ...fault };
}

/** In a list that is lent, what the guest knows its resources by takes the place of the numbers. */
function lentFault(func: FunctionType): Unserved | null {
  const param = func.params.find(({ type }) => lendsGuestLists(type));
  if (param === undefined) return null;
  return {
    where: `, param ${param.name}`,
    what: "lists of the guest's own resources that are lent to calls side by side",
    instead: "pass an array, `list<T, N>`, hand them over, `own`, or leave --tasks out",
  };
}

/** A value's fault. */
function valueFault(type: ValueType): Fault | null {
  return find(type, ({ kind }) => kind === "error-context") === null
    ? null
    : { what: "an error-context", instead: "pass a string" };
}

/** The outermost type in `type`, itself included, of which `is` holds. */
function find(type: ValueType, is: (type: ValueType) => boolean): ValueType | null {
  if (is(type)) return type;
  for (const inner of innerTypes(type)) {
    const found = find(inner, is);
    if (found !== null) return found;
  }
  return null;
}

function place(world: CWorld, { owner, func }: CFunction, source: WitSource): string {
  const places = placesByPath(source.text);
  const { id } = world.world;
  const scope = owner === "$root" ? id : owner.includes("/") ? owner : `${id} ${owner}`;
  const offset = places.get(`${scope} ${componentName(func)}`) ?? places.get(scope) ?? places.get(id);
  return offset === undefined ? source.parts[0]!.path : placeOf(source, offset);
}
