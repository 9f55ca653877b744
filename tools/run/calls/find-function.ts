/** The function that a call means: by its own name, a resource's, or of what a name stands for. */
import { exportedFunctions, type NamedFunction } from "../../wit/exported-functions.js";
import { componentName } from "../../wit/function-name.js";
import type { FunctionType, Resource, ValueType, World } from "../../wit/model.js";
import { CallMismatch, type Label, type Word } from "./call-text.js";
import { inside, type NameTypes } from "./name-types.js";

/** A function that is called. */
export interface CalledFunction extends NamedFunction {
  /** What stands before the dot of a method: its first argument. */
  readonly self: Word | null;
}

/**
 * Finds `f`, `resource` (its constructor), `resource.f` and `name.f`; behind `interface#`, whole or without
 * its package, where that alone says which; and component names as they are.
 * @throws CallMismatch that names those there are
 */
export function findFunction(world: World, target: Label, names: NameTypes): CalledFunction {
  const all = [...exportedFunctions(world)].map(([name, func]) => ({ name, func }));
  const method = methodOf(all, target, names);
  if (method !== null) return method;
  const found = all.filter((one) => spellings(one).includes(target.label));
  const [only] = found;
  if (only !== undefined && found.length === 1) return { ...only, self: null };
  if (only === undefined) throw new CallMismatch(unknown(all, target), target.at);
  throw new CallMismatch(
    `${target.label} is exported more than once; write ${found.map((one) => distinct(one, found)).join(" or ")}`,
    target.at,
  );
}

/** `name.f`; null when there is no such name. */
function methodOf(
  all: readonly NamedFunction[],
  { label, at, end }: Label,
  names: NameTypes,
): CalledFunction | null {
  const dot = label.lastIndexOf(".");
  const [name = "", ...path] = label.slice(0, Math.max(dot, 0)).split(".");
  const self: Word = { kind: "word", label: name, path, payload: null, isLabel: false, at, end };
  const type = names.typeOf(self);
  if (type === null) return null;
  const resource = resourceOf(type) ?? resourceOf(inside(type));
  if (resource === null)
    throw new CallMismatch(`${label.slice(0, dot)} is no resource, and has no methods`, at);
  const methods = all.filter(({ func }) => func.kind === "method" && isSame(func.resource!, resource));
  const wanted = label.slice(dot + 1);
  const found = methods.find(({ func }) => func.name === wanted);
  if (found !== undefined) return { ...found, self };
  // A name may be that of a resource, whose static functions are then meant.
  if (all.some((one) => spellings(one).includes(label))) return null;
  const known = methods.map(({ func }) => func.name).join(", ") || "none";
  throw new CallMismatch(`${resource.name} has no method ${wanted}; its methods are ${known}`, at + dot + 1);
}

function unknown(all: readonly NamedFunction[], { label }: Label): string {
  const known = all.map((one) => signature(one)).join(", ");
  return `the guest exports no ${label}; it exports ${known || "no function"}`;
}

/** How a function is called, for somebody who has no name yet. */
function signature({ func }: NamedFunction): string {
  const params = func.params.slice(func.kind === "method" ? 1 : 0).map(({ name }) => name);
  const self = func.kind === "method" ? `${func.resource!.name.toUpperCase()}.` : "";
  return `${self}${func.kind === "method" ? func.name : shortSpelling(func)}(${params.join(", ")})`;
}

function spellings(one: NamedFunction): string[] {
  const { name, func } = one;
  return [name, fullSpelling(one), ofInterface(one), shortSpelling(func), componentName(func)];
}

/** The shortest spelling that means one of `others` alone. */
function distinct(one: NamedFunction, others: readonly NamedFunction[]): string {
  const short = ofInterface(one);
  return others.filter((other) => ofInterface(other) === short).length === 1 ? short : fullSpelling(one);
}

/** Without the package: `interface#f`. */
function ofInterface(one: NamedFunction): string {
  return fullSpelling(one).replace(/^[^#]*\/([^/@#]+)(?:@[^#]*)?#/, "$1#");
}

function fullSpelling({ name, func }: NamedFunction): string {
  return `${name.slice(0, name.indexOf("#") + 1)}${shortSpelling(func)}`;
}

function shortSpelling({ kind, name, resource }: FunctionType): string {
  return kind === "method" || kind === "static" ? `${resource!.name}.${name}` : name;
}

function resourceOf(type: ValueType): Resource | null {
  return type.kind === "own" ? type.resource : null;
}

function isSame(a: Resource, b: Resource): boolean {
  return a.owner === b.owner && a.name === b.name && a.exported === b.exported;
}
