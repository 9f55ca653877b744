/** Which functions of the guest's source implement which functions of its world. */
import type { GuestImport, UserFunction } from "../../source/user-functions.js";
import { localName } from "../../wit/wit-docs.js";
import { componentName } from "../../wit/function-name.js";
import type { FunctionType, Resource } from "../../wit/model.js";
import type { BindingPart, BoundWorld } from "../bound-world.js";
import { NameScope, camelCase, functionLabel } from "./names.js";

/** The names that a guest gives to what it exports. */
export interface GuestNames {
  /** A sync function's. */
  readonly func: (part: BindingPart, func: FunctionType) => string;
  /** The name of the function that ends a resource. */
  readonly destructor: (part: BindingPart, resource: Resource) => string;
}

/**
 * The guest's names for the sync functions that it exports: a function's own name, or, when several
 * interfaces export a function of that name, the interface's name and the function's (`iGet`, `jGet`). What
 * ends a resource is called `drop` and the resource's name by the same rule, after the functions: none of
 * them has another name for a resource's sake.
 */
export function guestNames(parts: readonly BindingPart[]): GuestNames {
  const exported = parts.filter((part) => part.exported);
  const functions = exported.flatMap((part) =>
    part.functions
      .filter((func) => !func.async)
      .map((func): Named => ({ part, label: functionLabel(func), key: functionKey(part, func) })),
  );
  const destructors = exported.flatMap((part) =>
    part.resources.map((resource): Named => ({
      part,
      label: `drop-${resource.name}`,
      key: destructorKey(part, resource),
    })),
  );
  const scope = new NameScope();
  const found = new Map([
    ...claimNames(functions, functions, scope),
    ...claimNames(destructors, [...functions, ...destructors], scope),
  ]);
  return {
    func: (part, func) => found.get(functionKey(part, func)) ?? camelCase(functionLabel(func)),
    destructor: (part, resource) => found.get(destructorKey(part, resource))!,
  };
}

/** Something that the guest has to name. */
interface Named {
  readonly part: BindingPart;
  /** What it is called in its interface. */
  readonly label: string;
  readonly key: string;
}

function functionKey(part: BindingPart, func: FunctionType): string {
  return `${part.file}#${componentName(func)}`;
}

function destructorKey(part: BindingPart, { name }: Resource): string {
  return `${part.file}#[dtor]${name}`;
}

/**
 * Names `items`: those whose label is the only one among `all` first, the others
 * with their interface's name in front.
 */
function claimNames(items: readonly Named[], all: readonly Named[], scope: NameScope): [string, string][] {
  const isPlain = ({ part, label }: Named): boolean =>
    part.owner === "$root" || all.filter((other) => other.label === label).length === 1;
  const wanted = (item: Named): string[] => {
    const { part, label } = item;
    return isPlain(item) ? [label] : [`${localName(part.owner)}-${label}`, `${part.file}-${label}`];
  };
  const inOrder = [...items.filter(isPlain), ...items.filter((item) => !isPlain(item))];
  return inOrder.map((item) => [item.key, scope.claim(item.key, ...wanted(item).map(camelCase))]);
}

/**
 * Reads types in a guest's source as what they mean: each name of bindings
 * becomes its file and its name there.
 */
export class GuestTypes {
  private readonly files: readonly Pick<BindingPart, "file" | "classes">[];

  constructor(
    readonly imports: readonly GuestImport[],
    readonly world: BoundWorld,
  ) {
    this.files = [...world.parts, { file: world.shared.file, classes: world.shared }];
  }

  /** Whether the type that the guest wrote is `type` of the bindings of `part`. */
  fits(written: string, type: string, part: BindingPart): boolean {
    const meant = this.written(written);
    // A name that the guest has from another file of its own is taken by its look.
    return meant === this.expected(type, part) || (meant === written && written === type);
  }

  /** Why an import of bindings gives nothing: no such file, or no such function with a task; else null. */
  unknown({ path, name, local }: GuestImport, functions: readonly UserFunction[]): string | null {
    const [, named] = /(?:^|\/)bindings\/([^/]+)$/.exec(path) ?? [];
    if (named === undefined) return null;
    const { parts, shared, pairs, aliases } = this.world;
    const files = [...parts.map(({ file }) => file), shared.file, pairs.file, ...aliases.keys()];
    if (!files.includes(named)) {
      const those = parts
        .filter(({ functions: own }) => own.length > 0)
        .map(({ file }) => `"${path.replace(/[^/]+$/, file)}"`)
        .join(", ");
      return `the world has no bindings "${path}"; it has ${those}`;
    }
    const part = parts.find(({ file }) => file === (aliases.get(named) ?? named));
    const isTask = functions.some(({ params }) => params.some(({ type }) => type === `${local}.Task`));
    if (!part || name === "*" || !isTask) return null;
    const tasks = part.functions.filter((func) => func.async).map((func) => part.classes.functionName(func));
    if (tasks.includes(name)) return null;
    return `"${path}" has no ${name} with a Task; it has ${tasks.join(", ") || "no async functions"}`;
  }

  private written(type: string): string {
    return replaceNames(type, (name, rest) => this.resolve(name, rest));
  }

  private expected(type: string, part: BindingPart): string {
    return replaceNames(type, (name, rest) => this.inFile(part.file, name) + rest);
  }

  private resolve(name: string, rest: string): string {
    const found = this.imports.find((candidate) => candidate.local === name);
    const named = found?.path.replace(/^.*\//, "") ?? "";
    const file = this.world.aliases.get(named) ?? named;
    if (!found || !this.isBindings(found.path)) return name + rest;
    if (found.name !== "*") return this.inFile(file, found.name) + rest;
    const [, inner, ...more] = rest.split(".");
    return this.inFile(file, inner ?? "") + more.map((part) => `.${part}`).join("");
  }

  private isBindings(path: string): boolean {
    const names = [...this.files.map(({ file }) => file), ...this.world.aliases.keys()];
    return path.includes("bindings/") || names.some((name) => path.endsWith(`/${name}`));
  }

  /** A file's own name, or the one that it has from another file. */
  private inFile(file: string, name: string): string {
    const part = this.files.find((candidate) => candidate.file === file);
    const has = part?.classes.imports.find(({ local }) => local === name);
    return has ? `${has.from.file}#${has.name}` : `${file}#${name}`;
  }
}

/** Type names that are AssemblyScript's own. */
const plain = /^(StaticArray|string|bool|void|[iuf]\d+|usize|isize)$/;

/**
 * A type with each name in it that is not AssemblyScript's own replaced; `rest` is what follows it with dots.
 */
export function replaceNames(type: string, replace: (name: string, rest: string) => string): string {
  return type.replaceAll(/([A-Za-z_$][\w$]*)((?:\.[\w$]+)*)/g, (all, name: string, rest: string) =>
    plain.test(name) ? all : replace(name, rest),
  );
}
