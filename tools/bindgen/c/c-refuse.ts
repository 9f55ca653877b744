/** What bindings for C do not serve: said at its place in the WIT, before anything is written. */
import { UserError } from "../../errors/user-error.js";
import { placesByPath } from "../../wit/doc-reader.js";
import { componentName } from "../../wit/function-name.js";
import { holdsHandle, innerTypes, isPointerFree } from "../../wit/layout.js";
import type { FunctionType, ValueType } from "../../wit/model.js";
import { type WitSource, placeOf } from "../../wit/wit-source.js";
import { witType } from "../../wit/wit-type.js";
import { isFlow, lendsGuestLists } from "./c-kinds.js";
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
  for (const isImport of [true, false])
    for (const item of isImport ? world.imports : world.exports) {
      const found =
        unservedIn(item.func, isImport) ?? (world.begun.includes(item) ? lentFault(item.func) : null);
      if (found === null) continue;
      const { owner, func } = item;
      const full = owner === "$root" ? world.world.id : owner;
      throw new UserError(
        `${place(world, item, source)}: ${full}, func ${componentName(func)}${found.where}: ` +
          `bindings for C do not serve ${found.what}; ${found.instead}`,
      );
    }
}

/** What of an imported function is not served, in words; null when all of it is. */
export function unservedImport(func: FunctionType): string | null {
  const found = unservedIn(func, true);
  return (
    found &&
    `${found.where === "" ? "" : `${found.where.replace(/^, /, "")}: `}bindings for C do not serve ${found.what}; ${found.instead}`
  );
}

function unservedIn(func: FunctionType, isImport: boolean): Unserved | null {
  const mayFlow = isImport || func.async;
  for (const { name, type } of func.params) {
    const fault = isFlow(type) && mayFlow ? flowFault(type) : valueFault(type);
    if (fault !== null) return { where: `, param ${name}`, ...fault };
  }
  const { result } = func;
  if (result === null) return null;
  const fault = isFlow(result) && mayFlow ? resultFlowFault(func, isImport, result) : valueFault(result);
  return fault && { where: ", result", ...fault };
}

function resultFlowFault(
  func: FunctionType,
  isImport: boolean,
  type: ValueType & { readonly kind: "stream" | "future" },
): Fault | null {
  if (isImport && func.async)
    return {
      what: `a ${type.kind} as the result of an imported async function`,
      instead: "leave the function's `async` out: what it answers with goes on after the call",
    };
  return flowFault(type);
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

/** Rings hold items of one length, without addresses or handles in them. */
function flowFault(type: ValueType & { readonly kind: "stream" | "future" }): Fault | null {
  const { kind, element } = type;
  if (element === null)
    return { what: `a ${kind} without element type`, instead: `give it one, \`${kind}<u8>\`` };
  if (isPointerFree(element) && !holdsHandle(element)) return null;
  return {
    what: `${kind === "stream" ? "items" : "a future"} of the type ${typeText(element)}`,
    instead:
      kind === "stream"
        ? "pass bytes, `stream<u8>`, or call a function for each item"
        : "let an async function answer with the value",
  };
}

/** A value's fault: streams and futures in it. */
function valueFault(type: ValueType): Fault | null {
  if (isFlow(type))
    return {
      what: `the type ${typeText(type)} here`,
      instead: "make it a parameter or the result of an async function, or of one that the guest imports",
    };
  const inner = find(type, isFlow);
  if (inner !== null)
    return {
      what: `a ${inner.kind} inside of ${typeText(type)}`,
      instead: "make it a parameter or the result itself",
    };
  if (find(type, ({ kind }) => kind === "error-context"))
    return { what: "an error-context", instead: "pass a string" };
  return null;
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
