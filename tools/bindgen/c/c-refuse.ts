/** What bindings for C do not serve yet: said at its place in the WIT, before anything is written. */
import { UserError } from "../../errors/user-error.js";
import { placesByPath } from "../../wit/doc-reader.js";
import { componentName } from "../../wit/function-name.js";
import { flattenFunction, holdsHandle, innerTypes, isPointerFree } from "../../wit/layout.js";
import type { FunctionType, ValueType } from "../../wit/model.js";
import { type WitSource, placeOf } from "../../wit/wit-source.js";
import { witType } from "../../wit/wit-type.js";
import { isView } from "./c-types.js";
import type { CFunction, CWorld } from "./c-world.js";

/** Something that is not served: which part of the function, and what about it. */
interface Unserved {
  readonly where: string;
  readonly what: string;
}

/** @throws UserError for the first function that is not served, with file and line */
export function refuseUnserved(world: CWorld, source: WitSource): void {
  for (const isImport of [true, false])
    for (const item of isImport ? world.imports : world.exports) {
      const found = unservedIn(item.func, isImport);
      if (found === null) continue;
      const { owner, func } = item;
      const full = owner === "$root" ? world.world.id : owner;
      throw new UserError(
        `${place(world, item, source)}: ${full}, func ${componentName(func)}${found.where}: ` +
          `${found.what}, which bindings for C do not serve yet`,
      );
    }
}

/** What of an imported function is not served, in words; null when all of it is. */
export function unservedImport(func: FunctionType): string | null {
  const found = unservedIn(func, true);
  return found && `${found.where.replace(/^, /, "")}${found.where === "" ? "" : ": "}${found.what}`;
}

function unservedIn(func: FunctionType, isImport: boolean): Unserved | null {
  if (func.kind !== "freestanding")
    return { where: "", what: `a function of the resource ${func.resource!.name}` };
  const isTask = !isImport && func.async;
  const isLater = isImport && func.async;
  for (const { name, type } of func.params) {
    const where = `, param ${name}`;
    if (type.kind === "stream" && isTask) {
      const what = unservedStream(type);
      if (what !== null) return { where, what };
    } else if (!isServed(type) && (isLater || !isServedView(type))) return { where, what: typeText(type) };
  }
  const { result } = func;
  if (result?.kind === "stream" && isTask) {
    const what = unservedStream(result);
    if (what !== null) return { where: ", result", what };
  } else if (result !== null && !isServed(result) && (isLater || !isServedView(result)))
    return { where: ", result", what: typeText(result) };
  if (isLater) return null;
  const { paramsInMemory } = flattenFunction(func, { context: isImport ? "lower" : "lift", async: isTask });
  return paramsInMemory ? { where: "", what: "more than 16 core values of parameters" } : null;
}

/** Whether the value is of one length, and neither an address nor a handle is in it. */
function isServed(type: ValueType): boolean {
  return isPointerFree(type) && !holdsHandle(type) && !holdsArray(type);
}

function isServedView(type: ValueType): boolean {
  return type.kind === "string" || (isView(type) && type.kind === "list" && isServed(type.element));
}

function holdsArray(type: ValueType): boolean {
  return type.kind === "list" || innerTypes(type).some(holdsArray);
}

/** Rings hold items of one length, without addresses or handles in them. */
function unservedStream(type: ValueType & { readonly kind: "stream" | "future" }): string | null {
  if (type.element === null) return "a stream without element type";
  return isServed(type.element) ? null : `items of the type ${typeText(type.element)}`;
}

function typeText(type: ValueType): string {
  return type.name ? `${type.kind} ${type.name.name}` : witType(type);
}

function place(world: CWorld, { owner, func }: CFunction, source: WitSource): string {
  const places = placesByPath(source.text);
  const { id } = world.world;
  const scope = owner === "$root" ? id : owner.includes("/") ? owner : `${id} ${owner}`;
  const offset = places.get(`${scope} ${componentName(func)}`) ?? places.get(scope) ?? places.get(id);
  return offset === undefined ? source.parts[0]!.path : placeOf(source, offset);
}
