/** Where the bindings' frames lie of which words may become locals. */
import { libraryFiles } from "assemblyscript/asc";
import { flattenFunction } from "../wit/layout.js";
import type { World } from "../wit/model.js";
import { asInBindings } from "./bindings-folder.js";
import type { Compiled } from "./compile.js";
import type { Range } from "./passes/escaping-addresses.js";

/** What of a compiled guest says so. */
type Sources = Pick<Compiled, "places" | "sources">;

/**
 * Null when nothing may become a local, because the host touches memory that no import names: a sync export's
 * result. None when the guest turns references into numbers: what it makes of them, no pass can bound.
 * @param bindings the generated sources, by path
 * @param entry    the generated entry's path
 */
export function movableFrames(
  world: World,
  { places, sources }: Sources,
  bindings: ReadonlyMap<string, string>,
  entry: string,
): Range[] | null {
  const functions = [
    ...world.exports.functions,
    ...world.exports.interfaces.flatMap((item) => item.functions),
  ];
  if (
    functions.some(
      (func) => !func.async && flattenFunction(func, { context: "lift", async: false }).resultInMemory,
    )
  )
    return null;
  const generated = [...bindings.keys()].map(asInBindings(bindings));
  const isOwn = (path: string): boolean =>
    path !== entry && !generated.includes(path) && !isOfLibraries(path);
  if ([...sources].some(([path, text]) => isOwn(path) && makesNumbers(text))) return [];
  const folders = generated.map((path) => path.replace(/\.ts$/, "/"));
  return places
    .filter(({ name }) => /_FRAME$/.test(name) && folders.some((folder) => name.startsWith(folder)))
    .map(({ address, bytes }) => ({ from: address, to: address + bytes }));
}

/**
 * Whether a source may make a number of a reference, or an array, which computes with one: `changetype` does,
 * unless it gives a class of this very source, whose fields lie at fixed places.
 */
function makesNumbers(text: string): boolean {
  const classes = new Set(
    [...text.matchAll(/\bclass (\w+)(?: extends Place)? \{/g)].map(([, name]) => name!),
  );
  return [...text.matchAll(/\bchangetype\b(?:<(\w+)>)?/g)].some(([, type = ""]) => !classes.has(type));
}

/** Whether a source is of the guest library, or of asc's own. */
function isOfLibraries(path: string): boolean {
  return (
    path.startsWith("~lib/as-rill/") || Object.hasOwn(libraryFiles, path.replace(/^~lib\/(.*)\.ts$/, "$1"))
  );
}
