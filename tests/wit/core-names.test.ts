/**
 * Core names and signatures against what
 * `wasm-tools component embed --dummy-names legacy` prints, which nobody here wrote.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { run } from "../../tools/setup/run.js";
import { isMissing } from "../../tools/setup/tool.js";
import { wasmTools } from "../../tools/setup/wheels.js";
import { type CoreImport, coreExports, coreImports } from "../../tools/wit/core-names.js";
import { componentName } from "../../tools/wit/function-name.js";
import { typesEqual } from "../../tools/wit/layout.js";
import type { ValueType, World } from "../../tools/wit/model.js";
import { resolveWorld } from "../../tools/wit/resolve.js";
import { corpus } from "./corpus.js";

let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "rill-core-names-"));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Names with signatures, `module name (i32) -> i64`. */
interface Names {
  readonly imports: Set<string>;
  readonly exports: Set<string>;
}

/** The dummy module's names. `styles` says how imports are lowered and exports lifted. */
async function dummy(wit: string, ...styles: string[]): Promise<Names> {
  const tool = await wasmTools();
  assert.ok(!isMissing(tool));
  const all = ["component", "embed", "--dummy-names", "legacy", ...styles, "--world", "w", "-t", wit];
  const done = await run(tool.path, all);
  assert.equal(done.code, 0, done.output);
  return parse(done.output);
}

function parse(text: string): Names {
  const signatures = new Map<string, string>();
  for (const [, index, rest] of text.matchAll(/^ {2}\(func \(;(\d+);\) \(type \d+\)(.*)$/gm))
    signatures.set(index!, signatureOf(rest!));
  const imports = [
    ...text.matchAll(/^ {2}\(import "([^"]+)" "([^"]+)" \(func [^)]*\) \(type \d+\)(.*)\)$/gm),
  ];
  const exports = [...text.matchAll(/^ {2}\(export "([^"]+)" \(func (\d+)\)\)$/gm)];
  return {
    imports: new Set(imports.map(([, module, name, rest]) => `${module!} ${name!} ${signatureOf(rest!)}`)),
    exports: new Set(exports.map(([, name, index]) => `${name!} ${signatures.get(index!)!}`)),
  };
}

function signatureOf(text: string): string {
  const types = (what: string): string =>
    [...text.matchAll(new RegExp(`\\(${what} ([^)]*)\\)`, "g"))].map(([, list]) => list).join(" ");
  return `(${types("param")}) -> (${types("result")})`;
}

const signature = (item: {
  readonly params: readonly string[];
  readonly results: readonly string[];
}): string => `(${item.params.join(" ")}) -> (${item.results.join(" ")})`;

/** Names of wasm-tools that as-rill does not use, and the two that belong to no function. */
const left = /\[(stream|future)-forward-|^cabi_realloc |^_initialize /;

for (const [name, wit] of Object.entries(corpus)) {
  test(`${name}: names and signatures are those of wasm-tools`, async () => {
    const path = join(folder, `${name}.wit`);
    writeFileSync(path, wit);
    const world = await resolveWorld(path, "w");
    const ours = {
      imports: new Set(coreImports(world).map((item) => `${item.module} ${item.name} ${signature(item)}`)),
      exports: new Set(coreExports(world).map((item) => `${item.name} ${signature(item)}`)),
    };
    const expected = distinctImports(world).map((item) => `${item.module} ${item.name} ${signature(item)}`);
    const sync = await dummy(path);
    const async = await dummy(path, "--async-callback");
    const imports = new Set(
      [...sync.imports, ...async.imports].filter((line) => !left.test(line) && !returnsFromSync(line, world)),
    );
    assert.deepEqual(missing(imports, ours.imports), [], "imports that core-names.ts does not know");
    assert.deepEqual(
      missing(expected, imports).filter((line) => !unprinted.test(line)),
      [],
      "imports that wasm-tools does not print",
    );
    // An async function is lifted with a callback; sync functions are lifted as they
    // are, whatever the dummy was asked for.
    const exports = new Set(
      [...sync.exports].filter((line) => !left.test(line) && !asyncNames(world).has(nameOf(line))),
    );
    for (const line of async.exports) if (/\[async-lift\](?!.*\[dtor\])/.test(line)) exports.add(line);
    assert.deepEqual(missing(exports, ours.exports), [], "exports that core-names.ts does not know");
    assert.deepEqual(missing(ours.exports, exports), [], "exports that wasm-tools does not print");
  });
}

/**
 * Our imports without those that the dummy leaves out: further ends of a type that it has
 * used, sync functions called with `async`.
 */
function distinctImports(world: World): CoreImport[] {
  const seen: { readonly module: string; readonly verb: string; readonly element: ValueType | null }[] = [];
  return coreImports(world).filter(({ module, name, meaning }) => {
    if (meaning.kind === "call") return !meaning.async || meaning.func.async;
    if (meaning.kind !== "copy") return true;
    const verb = name.replace(/-\d+\].*/, "");
    const { element } = meaning;
    const again = seen.some(
      (one) => one.module === module && one.verb === verb && typesEqual(one.element, element),
    );
    seen.push({ module, verb, element });
    return !again;
  });
}

/** The dummy lifts sync functions with `async` too, when asked; as-rill does not. */
function returnsFromSync(line: string, world: World): boolean {
  const match = /^\[export\](\S+) \[task-return\](\S+) /.exec(line);
  if (!match) return false;
  const [, owner, name] = match;
  return !asyncNames(world).has(owner === "$root" ? name! : `${owner!}#${name!}`);
}

function missing(some: Iterable<string>, others: ReadonlySet<string>): string[] {
  return [...some].filter((line) => !others.has(line));
}

function nameOf(line: string): string {
  return line.replace(/ \(.*$/, "").replace(/^cabi_post_/, "");
}

/**
 * Names under which async functions would be lifted without `async`: the C host and the
 * V8 host both take them with a callback.
 */
function asyncNames(world: World): Set<string> {
  const { interfaces, functions } = world.exports;
  const inside = interfaces.flatMap((item) =>
    item.functions.map((func) => ({ name: `${item.id}#${componentName(func)}`, func })),
  );
  const own = functions.map((func) => ({ name: componentName(func), func }));
  return new Set([...inside, ...own].filter(({ func }) => func.async).map(({ name }) => name));
}

/**
 * Valid names that the dummy module has no use for: copies that wait, cancels
 * that do not, a second context slot.
 */
const unprinted =
  /^\S+ \[(stream|future)-(read|write)-|\[async-lower\]\[((stream|future)-cancel-|subtask-cancel\])|\[context-[gs]et-1\]/;
