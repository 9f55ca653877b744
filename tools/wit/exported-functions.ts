/** The functions that a guest exports, by the names that its callers use. */
import { componentName } from "./function-name.js";
import type { FunctionType, World } from "./model.js";

/** By `INTERFACE#FUNCTION`; functions of the world itself go without `#`, and come first. */
export function exportedFunctions({ exports }: World): ReadonlyMap<string, FunctionType> {
  return new Map([
    ...exports.functions.map((func) => [componentName(func), func] as const),
    ...exports.interfaces.flatMap(({ id, functions }) =>
      functions.map((func) => [`${id}#${componentName(func)}`, func] as const),
    ),
  ]);
}
