/**
 * What a core module's imports are in its world: the functions, types and
 * resources that their names stand for.
 *
 * `("[export]my:test/i", "[async-lower][stream-read-0]double")` is `stream.read`, async, for the first stream
 * or future in the signature of the exported function `double`.
 */
import { streamTypes } from "../wit/core-names.js";
import { PAIR_TYPES_ID, pairTypesInterface } from "../wit/pair-types.js";
import { componentName } from "../wit/function-name.js";
import type { FunctionType, Resource, ValueType, World } from "../wit/model.js";
import { type Builtin, type ImportName, parseImportName } from "../wit/canonical-names.js";
import type { CopyTarget } from "./built-ins/copy-built-ins.js";
import type { StringEncoding } from "../wit/string-encoding.js";

/** What an import of a core module is. */
export type ImportedItem =
  | { readonly kind: "function"; readonly func: FunctionType; readonly async: boolean; readonly id: string }
  | { readonly kind: "task.return"; readonly func: FunctionType }
  | { readonly kind: "copy-new"; readonly target: CopyTarget }
  | { readonly kind: "copy-start"; readonly target: CopyTarget; readonly async: boolean }
  | { readonly kind: "copy-cancel"; readonly target: CopyTarget; readonly async: boolean }
  | { readonly kind: "copy-drop"; readonly target: CopyTarget }
  | { readonly kind: "resource.new" | "resource.rep" | "resource.drop"; readonly resource: Resource }
  | { readonly kind: "context.get" | "context.set"; readonly slot: 0 | 1 }
  | { readonly kind: "error-context.new" | "error-context.debug-message"; readonly encoding: StringEncoding }
  | { readonly kind: PlainBuiltIn; readonly async: boolean; readonly cancellable: boolean };

const plainBuiltIns = [
  "waitable-set.new",
  "waitable-set.wait",
  "waitable-set.poll",
  "waitable-set.drop",
  "waitable.join",
  "subtask.cancel",
  "subtask.drop",
  "task.cancel",
  "backpressure.inc",
  "backpressure.dec",
  "thread.yield",
  "error-context.drop",
] as const satisfies readonly Builtin[];

/** Built-ins without a type or number in their name. */
export type PlainBuiltIn = (typeof plainBuiltIns)[number];

function isPlain(builtin: Builtin | null): builtin is PlainBuiltIn {
  return plainBuiltIns.some((plain) => plain === builtin);
}

/** Functions and resources that a module name of an import stands for. */
interface Scope {
  readonly id: string;
  readonly functions: readonly FunctionType[];
  readonly resources: readonly Resource[];
}

const PAIR_TYPES: Scope = pairTypesInterface;

/** What the import is, or null when the name is none that this host knows. */
export function parseImport(world: World, moduleName: string, name: string): ImportedItem | null {
  const parsed = parseImportName(name);
  const { builtin, async = false, cancellable = false, slot, encoding } = parsed;
  if (isPlain(builtin)) return { kind: builtin, async, cancellable };
  if (builtin === "context.get" || builtin === "context.set")
    return slot === 0 || slot === 1 ? { kind: builtin, slot } : null;
  if (builtin === "error-context.new" || builtin === "error-context.debug-message")
    return encoding === undefined ? null : { kind: builtin, encoding };
  if (moduleName === PAIR_TYPES_ID) return builtin && copyItem(PAIR_TYPES, builtin, parsed);
  const scope = findScope(world, moduleName);
  return scope && scopedItem(scope, moduleName.startsWith("[export]"), parsed);
}

function findScope(world: World, moduleName: string): Scope | null {
  const isExport = moduleName.startsWith("[export]");
  const items = isExport ? world.exports : world.imports;
  const id = isExport ? moduleName.slice(8) : moduleName;
  if (id === "$root") return { id: "", ...items };
  return items.interfaces.find((candidate) => candidate.id === id) ?? null;
}

function scopedItem(scope: Scope, isExport: boolean, parsed: ImportName): ImportedItem | null {
  const { builtin, async = false, subject = "" } = parsed;
  if (builtin === null) {
    const func = isExport ? null : findFunction(scope, subject);
    return (
      func && { kind: "function", func, async, id: scope.id === "" ? subject : `${scope.id}#${subject}` }
    );
  }
  if (builtin === "resource.new" || builtin === "resource.rep" || builtin === "resource.drop") {
    const resource = scope.resources.find((candidate) => candidate.name === subject);
    return resource ? { kind: builtin, resource } : null;
  }
  if (builtin === "task.return") {
    const func = findFunction(scope, subject);
    return func && { kind: builtin, func };
  }
  return copyItem(scope, builtin, parsed);
}

const COPY = /^(stream|future)\.(?:(new)|(read|write)|cancel-(read|write)|drop-(readable|writable))$/;

function copyItem(scope: Scope, builtin: Builtin, parsed: ImportName): ImportedItem | null {
  const match = COPY.exec(builtin);
  const { type, subject = "", async = false } = parsed;
  if (match === null || type === undefined) return null;
  const [, kind, isNew, start, cancel, drop] = match;
  const copyKind = kind as "stream" | "future";
  const elementType = findElementType(scope, copyKind, type, subject);
  if (elementType === undefined) return null;
  const direction = start ?? cancel ?? (drop === "writable" ? "write" : "read");
  const target: CopyTarget = { kind: copyKind, direction: direction as "read" | "write", elementType };
  if (isNew) return { kind: "copy-new", target };
  if (drop) return { kind: "copy-drop", target };
  return { kind: start ? "copy-start" : "copy-cancel", target, async };
}

function findElementType(
  scope: Scope,
  kind: "stream" | "future",
  place: number | "unit",
  funcName: string,
): ValueType | null | undefined {
  if (place === "unit") return null;
  const func = findFunction(scope, funcName);
  const type = func && streamTypes(func)[place];
  return type?.kind === kind ? type.element : undefined;
}

function findFunction(scope: Scope, name: string): FunctionType | null {
  return scope.functions.find((func) => componentName(func) === name) ?? null;
}
