/**
 * The one scheme of names in bindings.
 *
 * 1. A WIT name becomes camelCase (functions, parameters, fields, cases, values) or PascalCase (types). Both
 *    map WIT's names one to one, because wasm-tools refuses two names that differ in case or hyphens only.
 * 2. A name that AssemblyScript, its standard library or the guest library keeps for
 *    itself, or that its scope has given to
 *    something else already, gets a trailing underscore: `in` → `in_`, `date` → `Date_`.
 *    `NameScope` decides, in the order of the WIT.
 * 3. What the generator makes up for itself alone (imports, locals, fillers, constants) holds an underscore
 *    inside, as no name of the first kind does, so that it meets none of them.
 */
import type { FunctionType } from "../../wit/model.js";
import { isReserved } from "./reserved-words.js";

/**
 * The names of one scope: a file, the members of a class, the parameters of a
 * function. Each stands for one thing.
 */
export class NameScope {
  private readonly identities = new Map<string, string>();

  /** @param taken names that the scope has for its own purposes */
  constructor(taken: Iterable<string> = []) {
    for (const name of taken) this.identities.set(name, "");
  }

  /**
   * The name for `identity`: the first of `wanted` that is free or stands for it already, else the first with
   * underscores behind. The same question always has the same answer.
   */
  claim(identity: string, ...wanted: readonly string[]): string {
    const free = wanted.map(escape).find((name) => this.take(name, identity));
    return free ?? this.next(`${wanted[0]!}_`, identity);
  }

  private next(name: string, identity: string): string {
    return this.take(name, identity) ? name : this.next(`${name}_`, identity);
  }

  private take(name: string, identity: string): boolean {
    const owner = this.identities.get(name);
    if (owner !== undefined && owner !== identity) return false;
    this.identities.set(name, identity);
    return true;
  }
}

/**
 * The name of each WIT name among its neighbours: fields of a record, cases of a
 * variant, parameters of a function.
 */
export function memberNames(names: readonly string[], taken: Iterable<string> = []): string[] {
  const scope = new NameScope(taken);
  return names.map((name) => scope.claim(name, camelCase(name)));
}

/** `find-next-beat` → `findNextBeat`; `in` → `in_`. */
export function camelCase(name: string): string {
  return escape(plainCamelCase(name));
}

/** `find-next-beat` → `findNextBeat`, also where AssemblyScript keeps that for itself. */
export function plainCamelCase(name: string): string {
  const [first, ...rest] = name.split("-");
  return first!.toLowerCase() + rest.map(capital).join("");
}

/** `find-next-beat` → `FindNextBeat`, for a part of a longer name. */
export function plainPascalCase(name: string): string {
  return name.split("-").map(capital).join("");
}

/**
 * A function's name in its interface: a method or static function has its resource's in
 * front, a constructor is `new-` its resource.
 */
export function functionLabel({ name, kind, resource }: FunctionType): string {
  if (kind === "constructor") return `new-${resource!.name}`;
  return resource ? `${resource.name}-${name}` : name;
}

/** The same as the first part of a constant's name; no two functions have the same. */
export function functionConstant({ name, kind, resource }: FunctionType): string {
  if (kind === "constructor") return `NEW___${constantCase(resource!.name)}`;
  return resource ? `${constantCase(resource.name)}__${constantCase(name)}` : constantCase(name);
}

/**
 * A function's component name as a part of a private name: `[method]r.f-g` →
 * `R_FG`; no two functions have the same.
 */
export function identifierPart(componentName: string): string {
  return componentName
    .replace(/^\[\w+\]/, "")
    .split(".")
    .map(plainPascalCase)
    .join("_");
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}

/** The name, with a trailing underscore when something else keeps it for itself. */
export function escape(name: string): string {
  return isReserved(name) ? `${name}_` : name;
}

/** `find-next-beat` → `FIND_NEXT_BEAT`. */
export function constantCase(name: string): string {
  return name.replaceAll("-", "_").toUpperCase();
}
