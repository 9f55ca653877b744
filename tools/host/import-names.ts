/**
 * The names under which a core module imports built-ins and functions: wit-component's legacy scheme.
 *
 * `("[export]my:test/i", "[async-lower][stream-read-0]double")` is `stream.read`, async, for the first stream or
 * future in the signature of the exported function `double`.
 */
import { streamTypes } from "../wit/core-names.js";
import { componentName } from "../wit/function-name.js";
import type { FunctionType, Resource, ValueType, World } from "../wit/model.js";
import type { CopyTarget } from "./copies/copy-built-ins.js";
import type { StringEncoding } from "../wit/string-encoding.js";

/** What an import of a core module is. */
export type ImportedItem =
  | { readonly kind: "function"; readonly func: FunctionType; readonly async: boolean; readonly id: string }
  | { readonly kind: "task-return"; readonly func: FunctionType }
  | { readonly kind: "copy-new"; readonly target: CopyTarget }
  | { readonly kind: "copy-start"; readonly target: CopyTarget; readonly async: boolean }
  | { readonly kind: "copy-cancel"; readonly target: CopyTarget; readonly async: boolean }
  | { readonly kind: "copy-drop"; readonly target: CopyTarget }
  | { readonly kind: "resource-new" | "resource-rep" | "resource-drop"; readonly resource: Resource }
  | { readonly kind: "context-get" | "context-set"; readonly slot: 0 | 1 }
  | { readonly kind: "error-context-new" | "error-context-debug-message"; readonly encoding: StringEncoding }
  | { readonly kind: PlainBuiltIn; readonly async: boolean; readonly cancellable: boolean };

const plainBuiltIns = [
  "waitable-set-new",
  "waitable-set-wait",
  "waitable-set-poll",
  "waitable-set-drop",
  "waitable-join",
  "subtask-cancel",
  "subtask-drop",
  "task-cancel",
  "backpressure-inc",
  "backpressure-dec",
  "thread-yield",
  "error-context-drop",
] as const;

/** Built-ins without a type or number in their name. */
export type PlainBuiltIn = (typeof plainBuiltIns)[number];

/** Functions and resources that a module name of an import stands for. */
interface Scope {
  readonly id: string;
  readonly functions: readonly FunctionType[];
  readonly resources: readonly Resource[];
}

/** What the import is, or null when the name is none that this host knows. */
export function parseImport(world: World, moduleName: string, name: string): ImportedItem | null {
  const async = name.startsWith("[async-lower]");
  const cancellable = name.startsWith("[cancellable]");
  const bare = async ? name.slice(13) : cancellable ? name.slice(13) : name;
  const plain = plainBuiltIns.find((builtIn) => bare === `[${builtIn}]` || bare === `[${builtIn}-i32]`);
  if (plain !== undefined) return { kind: plain, async, cancellable };
  const context = /^\[context-(get|set)-(?:i32-)?([01])\]$/.exec(bare);
  if (context) return { kind: `context-${context[1] as "get" | "set"}`, slot: Number(context[2]) as 0 | 1 };
  const errorContext = /^\[(error-context-(?:new|debug-message))-(utf8|utf16|latin1\+utf16)\]$/.exec(bare);
  if (errorContext) {
    return { kind: errorContext[1] as "error-context-new", encoding: errorContext[2] as StringEncoding };
  }
  const scope = findScope(world, moduleName);
  return scope && parseScoped(scope, moduleName.startsWith("[export]"), bare, async);
}

function findScope(world: World, moduleName: string): Scope | null {
  const isExport = moduleName.startsWith("[export]");
  const items = isExport ? world.exports : world.imports;
  const id = isExport ? moduleName.slice(8) : moduleName;
  if (id === "$root") return { id: "", ...items };
  return items.interfaces.find((candidate) => candidate.id === id) ?? null;
}

function parseScoped(scope: Scope, isExport: boolean, name: string, async: boolean): ImportedItem | null {
  const resource = /^\[(resource-(?:new|rep|drop))\](.+)$/.exec(name);
  if (resource) {
    const found = scope.resources.find((candidate) => candidate.name === resource[2]);
    return found ? { kind: resource[1] as "resource-new", resource: found } : null;
  }
  const taskReturn = /^\[task-return\](.+)$/.exec(name);
  if (taskReturn) {
    const func = findFunction(scope, taskReturn[1]!);
    return func && { kind: "task-return", func };
  }
  if (/^\[(stream|future)-/.test(name)) return parseCopy(scope, name, async);
  const func = isExport ? null : findFunction(scope, name);
  return func && { kind: "function", func, async, id: scope.id === "" ? name : `${scope.id}#${name}` };
}

const copyPattern =
  /^\[(stream|future)-(?:(new)|(read|write)|cancel-(read|write)|drop-(readable|writable))-(\d+|unit)\](.*)$/;

function parseCopy(scope: Scope, name: string, async: boolean): ImportedItem | null {
  const match = copyPattern.exec(name);
  if (match === null) return null;
  const [, kind, isNew, start, cancel, drop, index, funcName] = match;
  const copyKind = kind as "stream" | "future";
  const elementType = findElementType(scope, copyKind, index!, funcName!);
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
  index: string,
  funcName: string,
): ValueType | null | undefined {
  if (index === "unit") return null;
  const func = findFunction(scope, funcName);
  const type = func && streamTypes(func)[Number(index)];
  return type?.kind === kind ? type.element : undefined;
}

function findFunction(scope: Scope, name: string): FunctionType | null {
  return scope.functions.find((func) => componentName(func) === name) ?? null;
}
