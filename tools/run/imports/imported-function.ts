/** The functions of its host that a module imports. */
import { parseImport } from "../../host/import-names.js";
import { componentName } from "../../wit/function-name.js";
import type { FunctionType, World } from "../../wit/model.js";

/** A function that a module imports. */
export interface ImportedFunction {
  /** `interface#function`, or `function` for one of the world itself. */
  readonly id: string;
  /** The interface's full name; empty for the world itself. */
  readonly owner: string;
  readonly func: FunctionType;
}

/** The functions that a module asks of its host, in the order of the WIT. */
export function importedFunctions(module: WebAssembly.Module, world: World): ImportedFunction[] {
  const ids = new Set(
    WebAssembly.Module.imports(module).flatMap(({ module: from, name }) => {
      const item = parseImport(world, from, name);
      return item?.kind === "function" ? item.id : [];
    }),
  );
  return worldImports(world).filter(({ id }) => ids.has(id));
}

/** All functions that a world imports. */
export function worldImports({ imports: { interfaces, functions } }: World): ImportedFunction[] {
  const all = [
    ...interfaces.map(({ id, functions: own }) => ({ owner: id, own })),
    { owner: "", own: functions },
  ];
  return all.flatMap(({ owner, own }) =>
    own.map((func) => ({
      id: owner === "" ? componentName(func) : `${owner}#${componentName(func)}`,
      owner,
      func,
    })),
  );
}
