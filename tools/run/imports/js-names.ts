/**
 * The names that a file of imports has for what WIT names: those of jco. Functions, parameters and fields are
 * in camelCase, classes of resources in PascalCase; cases and labels stay as WIT has them.
 */
import { plainCamelCase, plainPascalCase } from "../../bindgen/names/names.js";
import type { ImportedFunction } from "./imported-function.js";

/** The key of the default export under which a function is to be found. */
export function moduleKey({ owner, func }: ImportedFunction): string {
  if (owner !== "") return owner;
  return func.resource?.name ?? func.name;
}

/** A version that the key may lack: `my:gpio/board@1.0.0` is found as `my:gpio/board` too. */
export function withoutVersion(key: string): string {
  return key.replace(/@.*$/, "");
}

/** The function in words, as messages name it: `waitFor of my:gpio/board`. */
export function inWords({ owner, func }: ImportedFunction): string {
  const name = plainCamelCase(func.name);
  const resource = func.resource === undefined ? "" : plainPascalCase(func.resource.name);
  const member = resource === "" ? name : `${resource}.${name}`;
  const what = func.kind === "constructor" ? `the constructor of ${resource}` : member;
  return owner === "" ? what : `${what} of ${owner}`;
}
