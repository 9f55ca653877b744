/** What Node's loader asks: tests are kept instead of run, and a guest comes with the change that is on. */
import { readFileSync } from "node:fs";
import type { LoadHook, ResolveHook } from "node:module";
import { fileURLToPath } from "node:url";
import { testFiles } from "./test-files.js";

const compile = new URL("../../tools/compile/", import.meta.url).href;
const tests = new URL("../bindgen/", import.meta.url).href;

export const resolve: ResolveHook = (specifier, context, next) => {
  const asks = Object.values(testFiles).some((name) => context.parentURL === `${tests}${name}.js`);
  return specifier === "node:test" && asks
    ? { url: new URL("./collected-tests.js", import.meta.url).href, shortCircuit: true }
    : next(specifier, context);
};

/** What stands in for parts of scripts of `tools/compile`. */
const replaced: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "guest-module.js": {
    "export async function prepareGuest(source) {":
      "export async function prepareGuest(source) { return globalThis.rill_changed(await asked(source)); }\nasync function asked(source) {",
    // Optimising takes most of the time of a build, and changes no value.
    "if (options.optimized === false)": "if (true)",
  },
  "build-guest.js": {
    // Bindings with a fault in them are not for the folder of the guest.
    "options.bindings === false ?": "true ?",
    // Promises are for modules that were optimised: before, words of the library start as true.
    "if (violations.length > 0)": "if (false)",
  },
};

export const load: LoadHook = (url, context, next) => {
  const file = url.startsWith(compile) ? url.slice(compile.length) : "";
  if (!(file in replaced)) return next(url, context);
  let source = readFileSync(fileURLToPath(url), "utf8");
  for (const [part, other] of Object.entries(replaced[file]!)) {
    if (!source.includes(part)) throw new Error(`${file} has no ${part} any more`);
    source = source.replace(part, other);
  }
  return { format: "module", source, shortCircuit: true };
};
