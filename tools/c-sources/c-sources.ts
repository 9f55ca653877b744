/**
 * Where the C that ships lies and what each switch needs of it: read from
 * `c/CMakeLists.txt`, which says it once.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../package-root.js";
import { cmakeLists } from "./cmake-lists.js";

/** The C host as a firmware takes it. */
export const cRoot: string = join(packageRoot, "c");
/** WAMR's layer below it on bare metal, and pieces of a C library. */
export const platformRoot: string = join(cRoot, "platform");
/** The firmware of the boards that as-rill knows. */
export const firmwareRoot: string = join(packageRoot, "firmware");
/** Programs of the desktop: runs, conformance, fuzzing. */
export const programsRoot: string = join(packageRoot, "programs");

let lists: ReadonlyMap<string, readonly string[]> | undefined;

/** The words of the list `name`. @throws Error when `c/CMakeLists.txt` has no such list: a fault of ours */
export function cList(name: string): readonly string[] {
  lists ??= cmakeLists(readFileSync(join(cRoot, "CMakeLists.txt"), "utf8"));
  const words = lists.get(name);
  if (words === undefined) throw new Error(`c/CMakeLists.txt has no list ${name}`);
  return words;
}

const BLOCK_CACHE = "BLOCK_ADDR_CACHE_SIZE";

/**
 * WAMR's switches that are the same for every core.
 * @param blockCache places of the classic interpreter's cache of blocks, in place of the list's
 */
export function wamrDefinitions(blockCache?: number): string[] {
  return cList("WAMR_DEFINITIONS").map((definition) =>
    blockCache !== undefined && definition.startsWith(`${BLOCK_CACHE}=`)
      ? `${BLOCK_CACHE}=${blockCache}`
      : definition,
  );
}

/** Parts of the C host, as lists of `c/CMakeLists.txt` name them without `RILL_` and `_SOURCES`. */
export type CPart =
  | "HOST"
  | "LISTS"
  | "CALLS"
  | "TASKS"
  | "PIPES"
  | "RINGS"
  | "BINDINGS"
  | "IMAGE"
  | "WAMR"
  | "WAMR_MORE"
  | "WAMR_IMAGE"
  | "WAMR_BINDINGS"
  | "NATIVE"
  | "NATIVE_IMAGE"
  | "IMAGE_CODE";

/** The C files of `parts`, as absolute paths. */
export function cSources(...parts: readonly CPart[]): string[] {
  return parts.flatMap((part) => cList(`RILL_${part}_SOURCES`)).map((file) => join(cRoot, file));
}

/** The folders of the C host's headers, as absolute paths. */
export function cIncludes(): string[] {
  return cList("RILL_INCLUDES").map((folder) => join(cRoot, folder));
}

/** The compiler's flags for them. */
export function cIncludeFlags(): string[] {
  return cIncludes().map((folder) => `-I${folder}`);
}

/** What a firmware leaves out unless it needs it: each is a switch, `RILL_WITH_…`. */
export const cFeatures = ["LISTS", "CALLS", "TASKS"] as const;
/** The switches for streams from one guest into another: the host's, and rill-run's. */
export const pipeFlags: readonly string[] = ["-DRILL_WITH_PIPES", "-DRUN_PIPES"];
/** The switches, as a compiler's flags. */
export const featureFlags: readonly string[] = cFeatures.map((feature) => `-DRILL_WITH_${feature}`);
