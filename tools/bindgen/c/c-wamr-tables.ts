/** The tables by which WAMR finds a world's imports and exports. */
import { builtins, nativeSignature, signatureLetter } from "../../c-host/descriptor.js";
import { parseImportName } from "../../wit/canonical-names.js";
import { type CoreImport, coreImports } from "../../wit/core-names.js";
import { type CoreType, flatten } from "../../wit/layout.js";
import type { CWorld, GuestUse } from "./c-world.js";

/** A row, and the module that the import is of. */
export interface ImportRow {
  readonly module: string;
  /** The row's text behind the module. */
  readonly text: string;
}

/** Built-ins of hosts with RILL_WITH_TASKS, from this one on. */
const FIRST_TASK_BUILTIN = builtins.indexOf("task.cancel");

/** What guests of the world may import: `tasks` with RILL_WITH_TASKS alone. */
export function importRows(world: CWorld): {
  readonly plain: readonly ImportRow[];
  readonly tasks: readonly ImportRow[];
} {
  const rows = coreImports(world.world).flatMap((item) => {
    const made = row(world, item);
    return made === null ? [] : [made];
  });
  return {
    plain: rows.filter(({ builtin }) => builtin < FIRST_TASK_BUILTIN),
    tasks: rows.filter(({ builtin }) => builtin >= FIRST_TASK_BUILTIN),
  };
}

function row(world: CWorld, item: CoreImport): (ImportRow & { readonly builtin: number }) | null {
  const { module, name, params, results, meaning } = item;
  const make = (
    builtin: string,
    { element = "NULL", isAsync = false, isFuture = false, func = "NO_FUNC" } = {},
  ): (ImportRow & { readonly builtin: number }) | null => {
    const at = builtins.indexOf(builtin);
    if (at < 0) return null;
    const cells = [`"${name}"`, `"${nativeSignature(params, results)}"`, element, enumName(builtin)];
    return {
      module,
      text: `${[...cells, isAsync ? 1 : 0, isFuture ? 1 : 0].join(", ")} ${func}`,
      builtin: at,
    };
  };
  switch (meaning.kind) {
    case "builtin": {
      const { async, slot } = parseImportName(name);
      return make(meaning.builtin, { isAsync: async === true || slot === 1 });
    }
    case "task.return":
      return make("task.return");
    case "copy": {
      const [kind, verb] = meaning.builtin.split(".") as [string, string];
      const { element } = meaning;
      const type = element === null ? "NULL" : `&${world.prefix}_types[${world.typeId(element)}]`;
      return make(verb, { element: type, isAsync: meaning.async, isFuture: kind === "future" });
    }
    case "call": {
      const found = world.imports.find(({ func }) => func === meaning.func)!;
      const bound = `bound_${found.cName}${meaning.async ? "_async" : ""}`;
      return make("call", { isAsync: meaning.async, func: `FUNC(${bound})` });
    }
    case "resource": {
      if (meaning.resource.exported) {
        const use = meaning.builtin.slice("resource.".length) as GuestUse;
        const { serveNames } = world.guestResource(meaning.resource);
        return make("call", { func: `FUNC(${boundName(serveNames[use])})` });
      }
      if (meaning.builtin !== "resource.drop") return null;
      const { dropName } = world.resources[world.resourceNumber(meaning.resource)]!;
      return make("call", { func: `FUNC(bound_${dropName})` });
    }
    default:
      return null;
  }
}

/** What WAMR is told of a function that serves a built-in. */
function boundName(serveName: string): string {
  return `bound_${serveName}`;
}

/** `enum rill_builtin`. */
function enumName(builtin: string): string {
  const short = builtin
    .replace("waitable-set.", "set.")
    .replace("waitable.", "")
    .replace("thread.", "")
    .replace(/^call$/, "import.call");
  return `RILL_${short.replace(/[.-]/g, "_").toUpperCase()}`;
}

function letters(types: readonly CoreType[]): string {
  return types.map(signatureLetter).join("");
}

/** Rows of the exports, in the world's numbering. */
export function exportRows(world: CWorld): string[] {
  return world.coreExports.map(({ name, params, results, kind }) => {
    const isOptional = kind === "post-return" || kind === "destructor";
    return `{"${name}", "${letters(params)}:${letters(results)}", ${isOptional ? 1 : 0}}`;
  });
}

/** The part of W_host.c for WAMR. */
export function wamrTables(world: CWorld): string[] {
  const { prefix } = world;
  const { plain, tasks } = importRows(world);
  const modules = [...new Set([...plain, ...tasks].map(({ module }) => module))];
  const moduleName = (module: string): string => `module${modules.indexOf(module)}`;
  const plainModules = modules.filter((module) => plain.some((item) => item.module === module));
  const taskModules = modules.filter((module) => !plainModules.includes(module));
  const named = (some: readonly string[]): string[] =>
    some.map((module) => `static const char ${moduleName(module)}[] = "${module}";`);
  const lines = (rows: readonly ImportRow[]): string[] =>
    rows.map(({ module, text }) => `    {${moduleName(module)}, ${text}},`);
  const exports = exportRows(world);
  const bound = world.imports.flatMap((item) => {
    const { func, cName } = item;
    const result = func.result === null ? 0 : flatten(func.result).length;
    const params = func.params.flatMap(({ type }) => flatten(type)).length;
    return (func.async ? [false, true] : [false]).map(
      (isAsync) =>
        `static const struct rill_bound_func bound_${cName}${isAsync ? "_async" : ""} = ` +
        `{{{NULL, NULL, ${params}}, {NULL, NULL, ${result}}}, ${world.serveName(item, isAsync)}};`,
    );
  });
  bound.push(
    ...world.resources.map(
      (resource) =>
        `static const struct rill_bound_func bound_${resource.dropName} = ` +
        `{{{NULL, NULL, 1}, {NULL, NULL, 0}}, ${world.serveDropName(resource)}};`,
    ),
  );
  for (const { serveNames } of world.guestResources)
    for (const use of ["new", "rep", "drop"] as const)
      bound.push(
        `static const struct rill_bound_func ${boundName(serveNames[use])} = ` +
          `{{{NULL, NULL, 1}, {NULL, NULL, ${use === "drop" ? 0 : 1}}}, ${serveNames[use]}};`,
      );
  return [
    "#ifdef RILL_BINDINGS_ON_WAMR",
    "",
    ...(bound.length === 0
      ? []
      : [
          "#ifndef RILL_WITH_CALLS",
          `#error "guests of this world ${world.guestResources.length === 0 ? "import functions" : "have resources"}: they need RILL_WITH_CALLS, in all files alike"`,
          "#endif",
          ...bound,
          "",
        ]),
    "#ifdef RILL_WITH_CALLS",
    "#define NO_FUNC , NULL",
    "#define FUNC(bound) , &bound.func",
    "#else",
    "#define NO_FUNC",
    "#endif",
    "",
    ...named(plainModules),
    ...(taskModules.length === 0 ? [] : ["#ifdef RILL_WITH_TASKS", ...named(taskModules), "#endif"]),
    `const struct rill_import ${prefix}_imports[${world.macro("IMPORTS")}] = {`,
    ...lines(plain),
    "#ifdef RILL_WITH_TASKS",
    ...lines(tasks),
    "#endif",
    "};",
    "",
    `const struct rill_export ${prefix}_exports[${Math.max(1, exports.length)}] = {`,
    ...(exports.length === 0 ? ['    {"", ":", 1},'] : exports.map((line) => `    ${line},`)),
    "};",
    "",
    "#endif",
  ];
}
