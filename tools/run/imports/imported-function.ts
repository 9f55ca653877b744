/** The functions of its host that a module imports. */
import { parseImport } from "../../host/import-names.js";
import { worldFunctions } from "../../wit/arena-use.js";
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
export function worldImports(world: World): ImportedFunction[] {
  return worldFunctions(world)
    .filter(({ exported }) => !exported)
    .map(({ func, owner }) => {
      const name = componentName(func);
      return owner === "$root" ? { id: name, owner: "", func } : { id: `${owner}#${name}`, owner, func };
    });
}
