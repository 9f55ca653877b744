/** The functions that a guest exports, by the names that its callers use. */
import { UserError } from "../errors/user-error.js";
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

/** A function with the name that its callers use. */
export interface NamedFunction {
  readonly name: string;
  readonly func: FunctionType;
}

/**
 * The function that `--call` names; without it, the only one that there is.
 * @throws UserError that names those there are
 */
export function chosenFunction(world: World, call: string | null): NamedFunction {
  const all = exportedFunctions(world);
  const names = [...all.keys()].join(", ") || "none";
  if (call === null) {
    const [only, ...others] = all;
    if (only && others.length === 0) return { name: only[0], func: only[1] };
    throw new UserError(
      only
        ? `say with --call which function to run: ${names}`
        : "the guest exports no function, so there is nothing to run",
    );
  }
  const func = all.get(call);
  if (func) return { name: call, func };
  const hint = call.includes("(")
    ? "; a call with its arguments is an argument of rill run, without --call"
    : "";
  throw new UserError(`--call ${call}: the guest exports no such function; it exports ${names}${hint}`);
}
