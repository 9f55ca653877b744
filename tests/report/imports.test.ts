/** What the report says of imports: canonical names, plain words, what carries what. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Report, ReportImport } from "../../tools/report/model.js";
import { file, guest, reportOf, rill, wat } from "./rill.js";

const double = await guest("tests/guests/double/double.ts", "tests/guests/double/double.wit");

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

/** An import with what it lets the module do. */
const may = (path: string): Map<string, Pick<ReportImport, "does" | "takes" | "gives" | "blocks">> =>
  new Map(
    reportOf(path).imports.entries.map(({ module, field, does, takes, gives, blocks }) => [
      `${module} ${field}`,
      { does, takes, gives, blocks },
    ]),
  );

test("what a guest may do, by its WIT: what goes in, what comes out, whether it waits", () => {
  const found = may(double);
  assert.deepEqual(found.get("[export]my:test/i [async-lower][stream-read-0]double"), {
    does: "reads items of a stream (double)",
    takes: [],
    gives: ["u32"],
    blocks: "never",
  });
  assert.equal(found.get("$root [waitable-set-wait]")!.blocks, "may");
  assert.deepEqual(found.get("[export]my:test/i [task-return]double")!.takes, ["stream<u32>"]);
});

test("what a module of any compiler may do", () => {
  const path = file(
    "may.wasm",
    wat(`(module (import "my:gpio/pins" "set" (func (param i32 i32)))
      (import "my:gpio/pins" "[async-lower]wait" (func (param i32) (result i32)))
      (import "[export]a:b/c" "[stream-read-0]f" (func (param i32 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "fd_read" (func (param i32 i32 i32 i32) (result i32)))
      (import "env" "poke" (func (param i32) (result i64))) (import "env" "memory" (memory 1)))`),
  );
  const found = may(path);
  const blocks = [...found.values()].map((entry) => entry.blocks);
  assert.deepEqual(blocks, ["may", "never", "may", "may", "unknown", "never"]);
  assert.deepEqual(found.get("env poke"), {
    does: "calls the host's poke, of which nothing is known",
    takes: ["i32"],
    gives: ["i64"],
    blocks: "unknown",
  });
  assert.match(
    rill("report", path).stdout.replaceAll(/\s+/g, " "),
    /env poke: calls the host's poke, of which nothing is known, \(i32\) → i64; may block: unknown; 0 calls/,
  );
  assert.match(
    rill("report", path, "--markdown").stdout,
    /of which nothing is known \| `\(i32\) → i64` \| unknown/,
  );
});

test("a budget's allowlist: an import that is not on it fails, by name", () => {
  const path = file(
    "listed.wasm",
    wat(
      '(module (import "env" "log" (func (param i32))) (import "evil" "send" (func (param i32))) (import "$root" "[waitable-set-new]" (func (result i32))))',
    ),
  );
  const budget = (imports: unknown): string =>
    file("allow.json", JSON.stringify({ version: 1, limits: {}, imports }));
  for (const allowed of [["*"], ["env", "evil send", "$root"], ["e* *", "$root [waitable-*]"]])
    assert.equal(rill("report", path, "--budget", budget(allowed)).code, 0, allowed.join());
  for (const allowed of [[], ["env", "$root *"], ["env", "$root", "evil sen"], ["env", "$root", "EVIL"]]) {
    const { code, stdout, stderr } = rill("report", path, "--budget", budget(allowed));
    assert.equal(code, 1);
    assert.match(stderr, /imports that the budget does not allow:\n(.*\n)* {4}evil send\n/);
    assert.match(stdout, /not allowed {2}import evil send/);
  }
  assert.equal(rill("report", path, "--budget", budget("env")).code, 2);
  const list = budget(["env", "$root"]);
  assert.match(
    rill("report", path, "--budget", list, "--markdown").stdout,
    /❌ import that is not allowed: `evil send`/,
  );
  assert.deepEqual(
    (JSON.parse(rill("report", path, "--budget", list, "--json").stdout) as Report).budget!.imports!.denied,
    ["evil send"],
  );
  rill("budget", path, "--update", "--file", list);
  assert.deepEqual(
    (JSON.parse(readFileSync(list, "utf8")) as { imports: string[] }).imports,
    ["env", "$root"],
    "an update keeps it",
  );
});
