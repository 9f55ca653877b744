/** The page's scripts, read from this package and from d3-hierarchy, as text to put into the page. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** In the order in which they use each other. */
const CLIENT_FILES = [
  "zoom-map.js",
  "layouts.js",
  "map-search.js",
  "file-map.js",
  "change-map.js",
  "sortable-table.js",
  "theme.js",
  "main.js",
];

/** d3-hierarchy's own bundle, which defines `d3`. */
export function chartLibrary(): string {
  const main = createRequire(import.meta.url).resolve("d3-hierarchy");
  return readFileSync(join(dirname(main), "..", "dist", "d3-hierarchy.min.js"), "utf8");
}

/** Our scripts as one module: they only import each other, so without the imports they are one script. */
export function clientScript(): string {
  const folder = join(dirname(fileURLToPath(import.meta.url)), "client");
  return CLIENT_FILES.map((name) =>
    readFileSync(join(folder, name), "utf8")
      .replace(/^import [^;]*;\n/gm, "")
      .replace(/^export (?=const|function|class)/gm, "")
      .replace(/^\/\/# sourceMappingURL=.*$/m, ""),
  ).join("\n");
}
