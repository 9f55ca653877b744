/** Imports and exports, against what V8 says of the same module. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { corpus } from "./corpus.js";
import { analysed, file, guest, reportOf, sum, wat } from "./rill.js";

const double = await guest("tests/guests/double/double.ts", "tests/guests/double/double.wit");
const modules = [...(await corpus()), double];

/** A name as it stands in the file: its UTF-8 bytes behind their number, which is a byte up to 127 and two for all others here. */
function nameBytes(name: string): number {
  const { length } = new TextEncoder().encode(name);
  return length + (length < 128 ? 1 : 2);
}

test("every import with the bytes of its names, as V8 lists them", async () => {
  for (const path of modules) {
    const theirs = WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(path)));
    const { imports, exports } = await analysed(path);
    assert.equal(imports.count, theirs.length, path);
    assert.deepEqual(
      imports.entries.map(({ module, field, name_bytes: bytes }) => [module, field, bytes]),
      theirs.map(({ module, name }) => [module, name, nameBytes(module) + nameBytes(name)]),
      path,
    );
    assert.equal(
      imports.name_bytes,
      sum(imports.entries, (entry) => entry.name_bytes),
    );
    const exported = WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(path)));
    assert.deepEqual(
      exports.map(({ name }) => name),
      exported.map(({ name }) => name),
    );
  }
});

test("canonical built-ins go by the specification's names, others are told apart", () => {
  const { imports } = reportOf(double);
  assert.equal(imports.canonical_count, imports.count);
  assert.deepEqual(imports.entries.map(({ canonical }) => canonical).sort(), [
    "stream.drop-readable",
    "stream.drop-writable",
    "stream.new",
    "stream.read",
    "stream.write",
    "task.return",
    "waitable-set.new",
    "waitable-set.wait",
    "waitable.join",
  ]);
  const mixed = file(
    "mixed.wasm",
    wat('(module (import "$root" "[waitable-set-new]" (func (result i32))) (import "env" "log" (func)))'),
  );
  const { canonical_count: canonical, entries } = reportOf(mixed).imports;
  assert.equal(canonical, 1);
  assert.equal(entries.find(({ module }) => module === "env")!.canonical, null);
});

test("call sites are counted", () => {
  const path = file(
    "calls.wasm",
    wat('(module (import "env" "log" (func $log)) (func (export "run") (call $log) (call $log)))'),
  );
  assert.equal(reportOf(path).imports.entries[0]!.call_sites, 2);
});
