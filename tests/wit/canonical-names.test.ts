/**
 * The names of the canonical ABI: what is printed is read back, and every
 * spelling that was ever used is understood.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  describeExport,
  describeImport,
  type ImportName,
  parseImportName,
  printImportName,
} from "../../tools/wit/canonical-names.js";
import { coreExports, coreImports } from "../../tools/wit/core-names.js";
import { resolveWorld } from "../../tools/wit/resolve.js";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";

test("each import of a world is printed as it is read", async () => {
  for (const guest of ["double", "counters", "inner", "callers"]) {
    const world = await resolveWorld(join(packageRoot, "tests", "guests", guest, `${guest}.wit`));
    const imports = coreImports(world);
    assert.ok(imports.length > 15);
    for (const { module, name, meaning } of imports) {
      assert.equal(printImportName(parseImportName(name)), name);
      const { builtin } = parseImportName(name);
      const expected =
        meaning.kind === "call" ? null : meaning.kind === "task.return" ? meaning.kind : meaning.builtin;
      assert.equal(builtin, expected, name);
      assert.equal(describeImport(module, name), expected ?? "lowered function", name);
    }
    for (const { name, kind } of coreExports(world)) {
      const words = { lift: /lifted function$/, callback: /^callback$/, "post-return": /^post-return$/ };
      if (kind !== "destructor") assert.match(describeExport(name) ?? "", words[kind], name);
      else assert.equal(describeExport(name), "resource destructor");
    }
  }
});

const spellings: readonly (readonly [string, ImportName])[] = [
  ["[async-lower][stream-read-0]double", { builtin: "stream.read", async: true, type: 0, subject: "double" }],
  ["[async][future-write-12]f", { builtin: "future.write", async: true, type: 12, subject: "f" }],
  ["[stream-cancel-read-unit]", { builtin: "stream.cancel-read", type: "unit" }],
  ["[cancellable][waitable-set-wait]", { builtin: "waitable-set.wait", cancellable: true }],
  ["[waitable-set-poll-i32]", { builtin: "waitable-set.poll" }],
  ["[context-get-1]", { builtin: "context.get", slot: 1 }],
  ["[context-set-i32-0]", { builtin: "context.set", slot: 0 }],
  ["[error-context-new-latin1+utf16]", { builtin: "error-context.new", encoding: "latin1+utf16" }],
  ["[error-context-drop]", { builtin: "error-context.drop" }],
  ["[resource-drop]token", { builtin: "resource.drop", subject: "token" }],
  ["[task-return][method]r.f", { builtin: "task.return", subject: "[method]r.f" }],
  ["[method]r.stream-read-0", { builtin: null, subject: "[method]r.stream-read-0" }],
  ["[async-lower][constructor]r", { builtin: null, async: true, subject: "[constructor]r" }],
  ["waitable-join", { builtin: null, subject: "waitable-join" }],
  ["[stream-forward-0]f", { builtin: null, subject: "[stream-forward-0]f" }],
];
for (const [name, expected] of spellings) {
  test(`${name} is understood`, () => {
    const whole = { async: false, cancellable: false, subject: "", ...expected };
    assert.deepEqual(parseImportName(name), whole);
  });
}

test("a built-in of the instance comes from the root alone", () => {
  assert.equal(describeImport("$root", "[waitable-join]"), "waitable.join");
  assert.equal(describeImport("my:test/i", "[waitable-join]"), null);
  assert.equal(describeImport("env", "print"), null);
});
