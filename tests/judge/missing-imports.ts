/** What a world imports, held against what a core module imports: a function without a binding is noticed. */
import { type CoreImport, coreImports } from "../../tools/wit/core-names.js";
import type { World } from "../../tools/wit/model.js";

/**
 * Whether bindings have to import it: the functions, each as its type wants it, how
 * tasks answer, and what resources need.
 */
function isNeeded({ meaning }: CoreImport): boolean {
  if (meaning.kind === "call") return meaning.async === meaning.func.async;
  return meaning.kind === "task.return" || meaning.kind === "resource";
}

/**
 * @param binary a core module that uses all bindings of `world`
 * @returns imports that it lacks, as `module name`
 */
export function missingImports(world: World, binary: Uint8Array): string[] {
  const module = new WebAssembly.Module(new Uint8Array(binary));
  const found = new Set(
    WebAssembly.Module.imports(module).map(({ module: from, name }) => `${from} ${name}`),
  );
  const wanted = coreImports(world)
    .filter(isNeeded)
    .map(({ module: from, name }) => `${from} ${name}`);
  return wanted.filter((name) => !found.has(name));
}
