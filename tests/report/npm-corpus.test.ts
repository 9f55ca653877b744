/**
 * The corpus of npm's modules: sums, sections and functions as other tools have
 * them, and no verdict that is too good.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { wabt } from "../../dev/setup/wabt.js";
import { isMissing } from "../../tools/setup/tool.js";
import { wasmTools } from "../../tools/setup/wheels.js";
import { dumpedFunctionsAgree, functionsAgree, sectionsAgree } from "./other-tools.js";
import { fetchPackages, npmModules } from "./npm-corpus.js";
import { analysed, file, sum, wat } from "./rill.js";

const folders = await fetchPackages();
const sectionsTool = await wasmTools();
const functionsTool = await wabt();
assert.ok(!isMissing(sectionsTool) && !isMissing(functionsTool));

test("the corpus is large enough", () => {
  assert.ok(npmModules.length >= 40, `${npmModules.length} modules`);
});

for (const { spec, path: inside, verdict } of npmModules) {
  test(`${spec} ${inside}`, async () => {
    const folder = folders.get(spec)!;
    const path = join(folder, inside);
    const report = await analysed(path, false);
    assert.equal(report.allocation.verdict, verdict);
    if (verdict === "proven") assert.deepEqual(growingScripts(folder, inside), []);
    else assert.ok(report.allocation.paths.length + report.allocation.reasons.length > 0);
    for (const parts of [report.parts, report.origins])
      assert.equal(
        sum(parts, ({ bytes }) => bytes),
        report.file_bytes,
      );
    for (const { regions, initial_bytes: initial, used_bytes: used } of report.memories)
      assert.equal(
        sum(regions, ({ bytes }) => bytes),
        Math.max(initial, used),
      );
    sectionsAgree(sectionsTool.path, path, report);
    functionsAgree(functionsTool.path, path, report);
  });
}

/** Kinds of modules of which npm has none worth a download. */
const kinds: Readonly<Record<string, string>> = {
  "garbage collection": `(module (type $p (struct (field (mut i32)))) (type $a (array (mut i8)))
    (func (export "f") (result i32) (struct.get $p 0 (struct.new $p (i32.const 1))))
    (func (export "g") (result i32) (array.len (array.new_default $a (i32.const 8)))))`,
  "several memories": `(module (memory $a 1) (memory $b 2) (data (memory $b) (i32.const 16) "hello")
    (func (export "f") (result i32) (i32.load $b (i32.const 16))))`,
  "64-bit addresses": `(module (memory i64 1) (data (i64.const 8) "abc")
    (func (export "f") (param i64) (result i32) (i32.load (local.get 0))))`,
  exceptions: `(module (tag $e (param i32))
    (func (export "f") (result i32) (block $h (result i32) (try_table (catch $e $h) (throw $e (i32.const 1))) (unreachable))))`,
  "tail calls": `(module (func $f (export "f") (param i32) (result i32)
    (if (result i32) (local.get 0) (then (return_call $f (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 7)))))`,
};
for (const [kind, text] of Object.entries(kinds)) {
  test(`${kind}: sums, sections and functions`, async () => {
    const path = file(`${kind.replaceAll(" ", "-")}.wasm`, wat(text));
    const report = await analysed(path);
    assert.equal(
      sum(report.parts, (part) => part.bytes),
      report.file_bytes,
    );
    sectionsAgree(sectionsTool.path, path, report);
    dumpedFunctionsAgree(sectionsTool.path, path, report);
  });
}

/** The package's scripts about that module that allocate in it or grow it. */
function growingScripts(folder: string, module: string): string[] {
  const name = /([^/]+)\.wasm$/.exec(module)![1]!;
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (path) =>
      /\.[cm]?js$/.test(path) &&
      path.includes(name) &&
      /\b(malloc|alloc|realloc)\w*\(/i.test(readFileSync(join(folder, path), "utf8")),
  );
}
