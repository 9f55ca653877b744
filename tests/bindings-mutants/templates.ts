/**
 * What the generator prints is much the same for every world: mutants of lines that differ in the world's
 * names and in numbers alone are one, tried in a few places.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";

/** Words of the language that the library may do without. */
const language =
  "this return const let if else new while for of in true false null changetype load store memory data export import function class extends static unreachable isNaN reinterpret select switch case default break as super constructor removed nothing".split(
    " ",
  );

/** Names that are the guest library's or the language's: all others are a world's. */
const known: ReadonlySet<string> = new Set([
  ...language,
  ...readdirSync(join(packageRoot, "assembly"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap(
      (file) => readFileSync(join(packageRoot, "assembly", file), "utf8").match(/\b[A-Za-z_]\w*/g) ?? [],
    ),
]);

/** The template of a mutant. @param key `FILE: LINE: CHANGE`, as `mutantsOf` gives it */
export function templateOf(key: string): string {
  return key
    .replace(/^[^:]*: /, "")
    .replace(/ #\d+$/, "")
    .replace(/"[^"]*"/g, '"…"')
    .replace(/\b[A-Za-z_]\w*/g, (name) => (known.has(name) ? name : placeholderOf(name)))
    .replace(/(?<![\w.])\d+(\.\d+)?\b/g, "N");
}

/** Stands for a world's name: written as a constant, a type or a value. */
function placeholderOf(name: string): string {
  if (/^[A-Z][A-Z0-9_]+$/.test(name)) return "NAME";
  return /^[A-Z]/.test(name) ? "Name" : "name";
}
