/** Finds the functions of a file of imports in its default export. */
import type { ImportedFunction } from "./imported-function.js";
import { stubFunctionText } from "./stub-text.js";
import { plainCamelCase, plainPascalCase } from "../../bindgen/names/names.js";
import { moduleKey, withoutVersion } from "./js-names.js";

/** A function of the file: `self` is null unless it is a method. */
export type FileFunction = (self: object | null, args: readonly unknown[]) => unknown;

/** A class of the file that a resource is. */
export type FileClass = abstract new (...args: unknown[]) => object;

/** What a file has under an import's name that is neither the function nor nothing. */
export class NoFunction extends Error {
  override readonly name = "NoFunction";
}

/**
 * The function of the file for an import.
 * @returns null when there is none
 * @throws NoFunction when something else stands there
 */
export function findFunction(exports: object, wanted: ImportedFunction): FileFunction | null {
  const { func, owner } = wanted;
  const scope = ownerOf(exports, wanted);
  if (scope === null) return null;
  if (func.kind === "freestanding") {
    const body = member(scope, owner === "" ? "default" : plainCamelCase(func.name));
    if (body === undefined) return null;
    const call = callable(body, wanted);
    return (_, args) => call(scope, args);
  }
  const found = findClass(exports, wanted);
  if (found === null) return null;
  if (func.kind === "constructor")
    return (_, args) => new (found as new (...args: unknown[]) => object)(...args);
  const name = plainCamelCase(func.name);
  if (func.kind === "static") {
    const body = member(found, name);
    if (body === undefined) return null;
    const call = callable(body, wanted);
    return (_, args) => call(found, args);
  }
  return (self, args) => callable(member(self!, name), wanted)(self!, args);
}

/** The class of the resource that a function belongs to, or that stands in its place; null for none. */
export function findClass(exports: object, wanted: ImportedFunction): FileClass | null {
  const scope = ownerOf(exports, wanted);
  const { resource } = wanted.func;
  if (scope === null || resource === undefined) return null;
  const found = member(scope, wanted.owner === "" ? "default" : plainPascalCase(resource.name));
  if (found === undefined) return null;
  if (typeof found !== "function") throw new NoFunction(`is a ${typeof found}, where a class is wanted`);
  return found as unknown as FileClass;
}

/** What stands under the interface's name; a function or class of the world may do without `default`. */
function ownerOf(exports: object, wanted: ImportedFunction): object | null {
  const key = moduleKey(wanted);
  const found = [key, withoutVersion(key), plainCamelCase(key)].map((name) => member(exports, name));
  const value = found.find((one) => one !== undefined);
  if (value === undefined) return null;
  if (wanted.owner === "" && typeof value === "function" && !Object.hasOwn(value, "default"))
    return { default: value };
  if (typeof value !== "object" && typeof value !== "function")
    throw new NoFunction(`${JSON.stringify(key)} is a ${typeof value}, where an object is wanted`);
  return value as object;
}

function member(of: object, name: string): unknown {
  return (of as Readonly<Record<string, unknown>>)[name] ?? undefined;
}

function callable(
  body: unknown,
  wanted: ImportedFunction,
): (self: object, args: readonly unknown[]) => unknown {
  if (body === undefined) throw new NoFunction(`is missing; write ${stubFunctionText(wanted)}`);
  if (typeof body !== "function") throw new NoFunction(`is a ${typeof body}, where a function is wanted`);
  return (self, args) => Reflect.apply(body, self, args) as unknown;
}
