/** What Node's loader asks: the passes come with all their mutants, and Binaryen remembers. */
import { readFileSync } from "node:fs";
import type { LoadHook, ResolveHook } from "node:module";
import { fileURLToPath } from "node:url";
import { mutatedFiles, mutatedScript } from "./mutated-files.js";
import { testFiles } from "./test-files.js";

const compile = new URL("../../tools/compile/", import.meta.url).href;
const tests = new URL("../compile/", import.meta.url).href;

/** Test files that are witnesses keep their tests. */
export const resolve: ResolveHook = (specifier, context, next) => {
  const asks = testFiles.some((name) => context.parentURL === `${tests}${name}.js`);
  return specifier === "node:test" && asks
    ? { url: new URL("./collected-tests.js", import.meta.url).href, shortCircuit: true }
    : next(specifier, context);
};

export const load: LoadHook = (url, context, next) => {
  const file = url.startsWith(compile) ? url.slice(compile.length).replace(/\.js$/, ".ts") : "";
  const source = mutatedFiles.has(file)
    ? mutatedScript(file)
    : file === "optimize.ts"
      ? remembering(url)
      : null;
  return source === null ? next(url, context) : { format: "module", source, shortCircuit: true };
};

/** Binaryen is asked once for the same text: most mutants do not change what most guests give it. */
function remembering(url: string): string {
  const text = readFileSync(fileURLToPath(url), "utf8");
  const begin = "function binaryenRounds(text) {";
  if (!text.includes(begin)) throw new Error("tools/compile/optimize.ts has no binaryenRounds any more");
  return text.replace(
    begin,
    `${begin} return globalThis.rill_remembered(text, askedRounds); }\nfunction askedRounds(text) {`,
  );
}
