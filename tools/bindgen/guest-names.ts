/** Which functions of the guest's source implement which functions of its world. */
import type { GuestImport } from "../build/user-functions.js";
import { localName } from "../wit/wit-docs.js";
import { componentName } from "../wit/function-name.js";
import type { FunctionType } from "../wit/model.js";
import type { BindingPart } from "./bound-world.js";
import { NameScope, camelCase, functionLabel } from "./names.js";

/**
 * The guest's names for the sync functions that it exports: a function's own name, or, when several interfaces export a function of
 * that name, the interface's name and the function's (`iGet`, `jGet`). @returns the name by part and function
 */
export function guestNames(parts: readonly BindingPart[]): (part: BindingPart, func: FunctionType) => string {
  const scope = new NameScope();
  const found = new Map<FunctionType, string>();
  const all = parts
    .filter((part) => part.exported)
    .flatMap((part) => part.functions.map((func) => ({ part, func })));
  const sync = all.filter(({ func }) => !func.async);
  const count = (name: string): number => sync.filter(({ func }) => functionLabel(func) === name).length;
  const claim = (alone: boolean): void => {
    for (const { part, func } of sync) {
      const plain = count(functionLabel(func)) === 1 || part.owner === "$root";
      if (plain !== alone) continue;
      const wanted = [
        `${localName(part.owner)}-${functionLabel(func)}`,
        `${part.file}-${functionLabel(func)}`,
      ].map(camelCase);
      found.set(
        func,
        scope.claim(
          `${part.file}#${componentName(func)}`,
          ...(plain ? [camelCase(functionLabel(func))] : wanted),
        ),
      );
    }
  };
  claim(true);
  claim(false);
  return (_part, func) => found.get(func) ?? camelCase(functionLabel(func));
}

/** Reads types in a guest's source as what they mean: each name of bindings becomes its file and its name there. */
export class GuestTypes {
  constructor(
    readonly imports: readonly GuestImport[],
    readonly parts: readonly BindingPart[],
  ) {}

  /** Whether the type that the guest wrote is `type` of the bindings of `part`. */
  fits(written: string, type: string, part: BindingPart): boolean {
    const meant = this.#written(written);
    // A name that the guest has from another file of its own is taken by its look.
    return meant === this.#expected(type, part) || (meant === written && written === type);
  }

  #written(type: string): string {
    return replaceNames(type, (name, rest) => this.#resolve(name, rest));
  }

  #expected(type: string, part: BindingPart): string {
    return replaceNames(type, (name, rest) => this.#inFile(part.file, name) + rest);
  }

  #resolve(name: string, rest: string): string {
    const found = this.imports.find((candidate) => candidate.local === name);
    const file = found?.path.replace(/^.*\//, "") ?? "";
    if (!found || !this.#isBindings(found.path)) return name + rest;
    if (found.name !== "*") return this.#inFile(file, found.name) + rest;
    const [, inner, ...more] = rest.split(".");
    return this.#inFile(file, inner ?? "") + more.map((part) => `.${part}`).join("");
  }

  #isBindings(path: string): boolean {
    return path.includes("bindings/") || this.parts.some(({ file }) => path.endsWith(`/${file}`));
  }

  /** A file's own name, or the one that it has from another file. */
  #inFile(file: string, name: string): string {
    const part = this.parts.find((candidate) => candidate.file === file);
    const has = part?.classes.imports.find(({ local }) => local === name);
    return has ? `${has.from.file}#${has.name}` : `${file}#${name}`;
  }
}

/** Type names that are AssemblyScript's own. */
const plain = /^(StaticArray|string|bool|void|[iuf]\d+|usize|isize)$/;

/** A type with each name in it that is not AssemblyScript's own replaced; `rest` is what follows it with dots. */
export function replaceNames(type: string, replace: (name: string, rest: string) => string): string {
  return type.replaceAll(/([A-Za-z_$][\w$]*)((?:\.[\w$]+)*)/g, (all, name: string, rest: string) =>
    plain.test(name) ? all : replace(name, rest),
  );
}
