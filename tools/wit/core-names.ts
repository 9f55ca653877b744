/**
 * The core imports and exports of a world: names and signatures as wit-component expects
 * them of a core module, and what each means. Spec: CanonicalABI.md for the signatures; the
 * names are wit-component's "legacy" ones.
 */
import {
  type Builtin,
  callbackName,
  destructorExport,
  exportPath,
  type ImportName,
  liftName,
  postReturnName,
  printImportName,
} from "./canonical-names.js";
import { componentName } from "./function-name.js";
import { type CoreType, flatten, flattenFunction, innerTypes } from "./layout.js";
import type { FunctionType, Interface, Resource, ValueType, World } from "./model.js";

/** What an imported core function is. */
export type CoreMeaning =
  | { readonly kind: "builtin"; readonly builtin: Builtin }
  | { readonly kind: "call"; readonly func: FunctionType; readonly async: boolean }
  | { readonly kind: "task.return"; readonly func: FunctionType }
  | {
      readonly kind: "resource";
      readonly builtin: "resource.new" | "resource.rep" | "resource.drop";
      readonly resource: Resource;
    }
  | {
      readonly kind: "copy";
      /** `stream.read`, `future.cancel-write`, … as the specification names them. */
      readonly builtin: Builtin;
      readonly async: boolean;
      /** The stream or future type, by its place in the function's signature. */
      readonly index: number;
      readonly element: ValueType | null;
      readonly func: FunctionType;
    };

/** An import of a core module. */
export interface CoreImport {
  readonly module: string;
  readonly name: string;
  readonly params: readonly CoreType[];
  readonly results: readonly CoreType[];
  readonly meaning: CoreMeaning;
}

/** An export that a core module of the world must, or may, have. */
export interface CoreExport {
  readonly name: string;
  readonly params: readonly CoreType[];
  readonly results: readonly CoreType[];
  readonly kind: "lift" | "callback" | "post-return" | "destructor";
  readonly func: FunctionType | null;
}

/** Built-ins that are the same for every world. */
const rootBuiltins: readonly (readonly [
  ImportName & { readonly builtin: Builtin },
  readonly CoreType[],
  readonly CoreType[],
])[] = [
  [{ builtin: "waitable-set.new" }, [], ["i32"]],
  [{ builtin: "waitable-set.wait" }, ["i32", "i32"], ["i32"]],
  [{ builtin: "waitable-set.poll" }, ["i32", "i32"], ["i32"]],
  [{ builtin: "waitable-set.drop" }, ["i32"], []],
  [{ builtin: "waitable.join" }, ["i32", "i32"], []],
  [{ builtin: "backpressure.inc" }, [], []],
  [{ builtin: "backpressure.dec" }, [], []],
  [{ builtin: "thread.yield" }, [], ["i32"]],
  [{ builtin: "subtask.drop" }, ["i32"], []],
  [{ builtin: "subtask.cancel" }, ["i32"], ["i32"]],
  [{ builtin: "subtask.cancel", async: true }, ["i32"], ["i32"]],
  [{ builtin: "context.get", slot: 0 }, [], ["i32"]],
  [{ builtin: "context.set", slot: 0 }, ["i32"], []],
  [{ builtin: "context.get", slot: 1 }, [], ["i32"]],
  [{ builtin: "context.set", slot: 1 }, ["i32"], []],
];

/** Every core import that a module of this world may have. */
export function coreImports(world: World): CoreImport[] {
  const found: CoreImport[] = rootBuiltins.map(([parts, params, results]) => ({
    module: "$root",
    name: printImportName(parts),
    params,
    results,
    meaning: { kind: "builtin", builtin: parts.builtin },
  }));
  found.push({
    module: "[export]$root",
    name: printImportName({ builtin: "task.cancel" }),
    params: [],
    results: [],
    meaning: { kind: "builtin", builtin: "task.cancel" },
  });
  for (const [item, functions] of scopes(world.imports)) {
    for (const func of functions) found.push(...importedFunction(item, func));
  }
  for (const item of world.imports.interfaces) found.push(...resourceImports(item.id, item.resources, false));
  found.push(...resourceImports("$root", world.imports.resources, false));
  for (const [item, functions] of scopes(world.exports)) {
    for (const func of functions) found.push(...exportedFunction(`[export]${item}`, func));
  }
  for (const item of world.exports.interfaces)
    found.push(...resourceImports(`[export]${item.id}`, item.resources, true));
  return found;
}

/** The exports of a core module of this world, all but `memory`, `cabi_realloc` and `_initialize`. */
export function coreExports(world: World): CoreExport[] {
  const found: CoreExport[] = [];
  for (const [item, functions] of scopes(world.exports)) {
    for (const func of functions) found.push(...liftedFunction(item, func));
  }
  for (const item of world.exports.interfaces) found.push(...destructors(item));
  return found;
}

function scopes(items: World["imports"]): [string, readonly FunctionType[]][] {
  return [
    ...items.interfaces.map((item): [string, readonly FunctionType[]] => [item.id, item.functions]),
    ["$root", items.functions],
  ];
}

function importedFunction(module: string, func: FunctionType): CoreImport[] {
  const lower = (async: boolean): CoreImport => {
    const { params, results } = flattenFunction(func, { context: "lower", async });
    return {
      module,
      name: printImportName({ builtin: null, async, subject: componentName(func) }),
      params,
      results,
      meaning: { kind: "call", func, async },
    };
  };
  // Engines take the async option for async function types alone.
  return [lower(false), ...(func.async ? [lower(true)] : []), ...copies(module, func)];
}

function exportedFunction(module: string, func: FunctionType): CoreImport[] {
  const found: CoreImport[] = copies(module, func);
  if (!func.async) return found;
  const flat = func.result ? flatten(func.result) : [];
  const params: readonly CoreType[] = flat.length > 16 ? ["i32"] : flat;
  found.push({
    module,
    name: printImportName({ builtin: "task.return", subject: componentName(func) }),
    params,
    results: [],
    meaning: { kind: "task.return", func },
  });
  return found;
}

/** What a guest can do with a stream or future type. */
export type CopyVerb =
  "new" | "read" | "write" | "cancel-read" | "cancel-write" | "drop-readable" | "drop-writable";

const copyBuiltins: readonly (readonly [CopyVerb, readonly CoreType[], readonly CoreType[]])[] = [
  ["new", [], ["i64"]],
  ["read", ["i32", "i32", "i32"], ["i32"]],
  ["write", ["i32", "i32", "i32"], ["i32"]],
  ["cancel-read", ["i32"], ["i32"]],
  ["cancel-write", ["i32"], ["i32"]],
  ["drop-readable", ["i32"], []],
  ["drop-writable", ["i32"], []],
];

/** The built-ins on each stream and future type of a function's signature. */
function copies(module: string, func: FunctionType): CoreImport[] {
  return streamTypes(func).flatMap(({ kind, element }, index) =>
    copyBuiltins.flatMap(([verb, params, results]) => {
      const builtin = `${kind}.${verb}` as const;
      const subject = componentName(func);
      const flat = kind === "future" && (verb === "read" || verb === "write") ? params.slice(0, 2) : params;
      const build = (async: boolean): CoreImport => ({
        module,
        name: printImportName({ builtin, async, type: index, subject }),
        params: flat,
        results,
        meaning: { kind: "copy", builtin, async, index, element, func },
      });
      return verb === "new" || verb.startsWith("drop") ? [build(false)] : [build(false), build(true)];
    }),
  );
}

/** A stream or future type. */
export type CopyType = ValueType & { readonly kind: "stream" | "future" };

/**
 * The stream and future types in a function's signature, innermost first, in the
 * order that wit-component counts them.
 */
export function streamTypes(func: FunctionType): CopyType[] {
  return [
    ...func.params.flatMap(({ type }) => streamsInside(type)),
    ...(func.result ? streamsInside(func.result) : []),
  ];
}

/** The place in that order of a stream or future that is parameter `param` itself, or the result itself. */
export function streamIndex(func: FunctionType, param: number | "result"): number {
  const before = param === "result" ? func.params : func.params.slice(0, param);
  const itself = param === "result" ? func.result! : func.params[param]!.type;
  return before.flatMap(({ type }) => streamsInside(type)).length + streamsInside(itself).length - 1;
}

function streamsInside(type: ValueType): CopyType[] {
  const inner = innerTypes(type).flatMap(streamsInside);
  return type.kind === "stream" || type.kind === "future" ? [...inner, type] : inner;
}

function resourceImports(module: string, resources: readonly Resource[], exported: boolean): CoreImport[] {
  const one = (
    builtin: "resource.new" | "resource.rep" | "resource.drop",
    resource: Resource,
    results: readonly CoreType[],
  ): CoreImport => ({
    module,
    name: printImportName({ builtin, subject: resource.name }),
    params: ["i32"],
    results,
    meaning: { kind: "resource", builtin, resource },
  });
  return resources.flatMap((resource) => [
    ...(exported ? [one("resource.new", resource, ["i32"]), one("resource.rep", resource, ["i32"])] : []),
    one("resource.drop", resource, []),
  ]);
}

function liftedFunction(owner: string, func: FunctionType): CoreExport[] {
  const { async } = func;
  const path = exportPath(owner, componentName(func));
  const { params, results } = flattenFunction(func, { context: "lift", async, callback: async });
  return [
    { name: liftName(path, async), params, results, kind: "lift", func },
    async
      ? { name: callbackName(path), params: ["i32", "i32", "i32"], results: ["i32"], kind: "callback", func }
      : { name: postReturnName(path), params: results, results: [], kind: "post-return", func },
  ];
}

function destructors({ id, resources }: Interface): CoreExport[] {
  return resources.map(({ name }) => ({
    name: destructorExport(id, name),
    params: ["i32"],
    results: [],
    kind: "destructor",
    func: null,
  }));
}
