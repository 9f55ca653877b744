/** Where bytes come from: whose work they are, and so who can make them fewer. */
import { REALLOC } from "../wit/canonical-names.js";
import { existsSync } from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { packageRoot } from "../package-root.js";

/** The origins, in the order in which reports list them. */
export const ORIGINS = [
  "user",
  "library",
  "bindings",
  "runtime",
  "code",
  "data",
  "names",
  "structure",
  "custom",
] as const;

/** Who wrote the code. */
export type Origin = (typeof ORIGINS)[number];

/** What each origin means, for legends. */
export const ORIGIN_LABELS: Readonly<Record<Origin, string>> = {
  user: "user's code",
  library: "guest library",
  bindings: "generated bindings",
  runtime: "AssemblyScript runtime",
  code: "code of unknown source",
  data: "data",
  names: "import and export names",
  structure: "structure",
  custom: "custom sections",
};

const LIBRARY = /(^|\/)as-rill\/assembly\//;
const BINDINGS = /(^|\/)(bindings\/|rill-entry(\.ts|\/))/;
const RUNTIME = /(^|\/)~lib\//;

/**
 * The origin of code from `source`, a path of a source map.
 * @param mapPath the map's own path, which relative sources start from
 */
export function originOfSource(source: string, mapPath: string): Origin {
  if (LIBRARY.test(source) || source.startsWith("~lib/as-rill/")) return "library";
  if (BINDINGS.test(source)) return "bindings";
  if (RUNTIME.test(source)) return "runtime";
  return inGuestLibrary(source, mapPath) ? "library" : "user";
}

function inGuestLibrary(source: string, mapPath: string): boolean {
  const library = resolve(packageRoot, "assembly") + sep;
  const candidates = [resolve(dirname(mapPath), source), resolve(source), resolve(packageRoot, source)];
  return candidates.some((path) => path.startsWith(library) && existsSync(path));
}

/** The origin of a function known by name alone: asc names its functions after their files. */
export function originOfName(name: string): Origin {
  const file = name.replace(/^(start:|~start\|)/, "");
  if (LIBRARY.test(file) || file.startsWith("~lib/as-rill/")) return "library";
  if (RUNTIME.test(file)) return "runtime";
  if (BINDINGS.test(file) || isGlue(file)) return "bindings";
  if (/^[\w.-]+(\/[\w.@-]+)+/.test(file) && !file.includes("::")) return "user";
  return "code";
}

/** Whether a name is that of a canonical export, or of what wit-bindgen puts around one. */
function isGlue(name: string): boolean {
  return /^\[[a-z-]+\]/.test(name) || name.startsWith("__wasm_export_") || name === REALLOC;
}
