/**
 * Calls of one instance on the C host, resources that the guest implements, streams and futures inside of
 * values and with functions that it imports: as on V8.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";
import { bindImports } from "../../tools/run/imports/bind-imports.js";
import { openImports, type ImportsFlags } from "../../tools/run/imports/open-imports.js";
import type { RunFacts } from "../../tools/run/run-facts.js";
import type { RunFlags } from "../../tools/run/run-flags.js";
import { runNative, runOnWamr } from "../../tools/run/run-on-c-host.js";
import { runOnV8 } from "../../tools/run/run-on-v8.js";
import { planRun, type RunPlan } from "../../tools/run/run-plan.js";
import { build } from "../../tools/testing/testing.js";

const folder = mkdtempSync(join(tmpdir(), "rill-wamr-calls-"));
const path = (name: string): string => join(folder, name);
const DISK = join(packageRoot, "tests", "guests", "reading", "disk.mjs");

before(async () => {
  for (const [name, wait] of [
    ["reading", "callback"],
    ["nested", "wait"],
    ["astray", "wait"],
  ] as const) {
    const file = join(packageRoot, "tests", "guests", name, name);
    const guest = { entry: `${file}.ts`, wit: `${file}.wit`, bindings: false, arenaBytes: 256, wait };
    writeFileSync(path(`${name}.core.wasm`), await build(guest));
  }
  writeFileSync(path("in.csv"), "value\n97\n98\n");
});
after(() => {
  rmSync(folder, { recursive: true });
});

function plan(guest: string, calls: readonly string[], more: Partial<RunFlags> = {}): RunPlan {
  return planRun(path(`${guest}.core.wasm`), { in: [], host: "wamr", calls, ...more });
}

async function onV8(of: RunPlan, flags: ImportsFlags): Promise<RunFacts> {
  const imports = await openImports(of, flags);
  try {
    return runOnV8(of, { imports: bindImports(imports.plan, "ready", () => undefined) });
  } finally {
    await imports.close();
  }
}

/** What both tell of the same plan. */
async function same(of: RunPlan, flags: ImportsFlags, runOn = runOnWamr): Promise<RunFacts> {
  const there = await runOn(of, undefined, { ...flags, json: true });
  const here = await onV8(of, flags);
  const told = (facts: RunFacts): unknown[] => [facts.trap, facts.result, facts.calls, facts.items_out];
  assert.deepEqual(told(there), told(here));
  assert.equal(there.trap, null);
  return there;
}

const READ = [
  ...["total(5)", "total(12)", "pass(5)", "make(12)", "store(5)", "store(20)", "walk()"],
  ...["some-of(10, 4)", "shout([97, 98, 99])", "lengths()", "f = open(3)", "look(f)", "sync-look(f)"],
  ...["take(f)", "each(3)", "a = open(1)", "b = open-later(2)", "all([a, b])", "through(3)", "open-later(0)"],
];
const NESTED = [
  ...['sum({id: 3, items: [1, 2, 3], note: "hi"})', 'pack(3, "hi")', "swap(([1, 2], [3]))"],
  ...["hand-back([1, 2])", "lists([[1, 2], [3], []])", "keep([7, 8])", "next-kept()", "next-kept()"],
  ...["flatten([[1, 2], [3], [], [4, 5]])", "split(7, 3)", 'texts(["a", "bc"])', "pass([1, 2])"],
  ...['choose(numbers([1, 2, 3]), some([4]), ok("x"))', 'choose(text("t"), none, err([(), ()]))'],
];

test("streams, futures and resources of a file's functions", async () => {
  await same(plan("reading", READ), { imports: DISK });
});

for (const [host, runOn] of [
  ["wamr", runOnWamr],
  ["native", runNative],
] as const)
  test(`${host}: in records, lists, variants, options and items; kept between calls`, async () => {
    await same(plan("nested", NESTED), { stub: true }, runOn);
  });

test("items from a file and to one, of a guest whose imports pass streams", async () => {
  const files = { in: [`x=${path("in.csv")}`], out: path("out.csv") };
  await same(plan("reading", [], { ...files, call: "test:reading/app#shout" }), { imports: DISK });
  assert.equal(readFileSync(path("out.csv"), "utf8"), "value\n65\n66\n");
});

test("items that come late are waited for, however long", async () => {
  execFileSync("mkfifo", [path("late.csv")]);
  const writer = spawn("sh", ["-c", "sleep 0.8; cat in.csv > late.csv"], { cwd: folder });
  try {
    const files = { in: [`x=${path("late.csv")}`], out: path("out.csv") };
    const late = plan("reading", [], { ...files, call: "test:reading/app#shout" });
    const { trap, items_out } = await runOnWamr(late, undefined, { imports: DISK, json: true });
    assert.deepEqual([trap, items_out], [null, 2]);
  } finally {
    writer.kill();
  }
});

for (const [call, reason] of [
  ["none()", /^no such end of a stream or future: handle 99 at .*, in "none\(\)"$/],
  ["unequal()", /^the end has another element type: handle/],
  ["items()", /^handle 77 is not in use; a resource was expected at/],
  ["far-items()", /^string: 8 bytes at 1048576 end beyond the memory/],
] as const)
  test(`${call}: no such handle, or no such memory, is a trap, as on V8`, async () => {
    const of = plan("astray", [call]);
    assert.match((await runOnWamr(of, undefined, { stub: true, json: true })).trap!, reason);
  });

test("a promise that is never kept: nothing can wake the guest any more", async () => {
  const imports = path("never.mjs");
  const functions =
    "{ readViaStream: () => [(async function* () { yield 1; await new Promise(() => {}); })(), new Promise(() => {})] }";
  writeFileSync(imports, `export default { "test:reading/disk": ${functions} };\n`);
  const { trap } = await runOnWamr(plan("reading", ["total(5)"]), undefined, { imports, stub: true });
  assert.match(trap!, /waits for ever: nothing can end its wait.*, in "total\(5\)"$/);
});
