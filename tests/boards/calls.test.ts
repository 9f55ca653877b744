/**
 * Several calls of one instance on a board: what a guest keeps between them, and resources that it exports.
 * All as `rill run` with the same calls.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { RemoteCalls } from "../../tools/run/remote/remote-calls.js";
import { buildFirmware } from "../../tools/boards/firmware.js";
import { runOnQemu } from "../../tools/boards/qemu.js";
import { RemoteGuest } from "../../tools/run/remote/remote-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { findBoard } from "../../tools/pack/board-table.js";
import { packBytes } from "../../tools/pack/pack-command.js";
import { planRun } from "../../tools/run/run-plan.js";
import { build } from "../../tools/testing/testing.js";
import { type Served, servedRill } from "../served-rill.js";
import { damaging } from "./remote-runs.js";

/** What the line begins with that orders a call. */
const G = "g".charCodeAt(0);
const NEWLINE = Buffer.from("\n");

let folder: string;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-calls-"));
  await guest("res", "tests/guests/first/res");
  await guest("waiting", "tests/guests/first/res", { wait: "callback" });
  await guest("counters", "tests/guests/counters/counters", { arenaBytes: 256 });
  await guest("texts", "tests/guests/texts/texts", { arenaBytes: 256 });
});
after(() => {
  rmSync(folder, { recursive: true });
});

async function guest(name: string, path: string, more: object = {}): Promise<void> {
  const file = join(packageRoot, path);
  const core = await build({ entry: `${file}.ts`, wit: `${file}.wit`, bindings: false, ...more });
  writeFileSync(coreOf(name), core);
}

function coreOf(name: string): string {
  return join(folder, `${name}.core.wasm`);
}

function flash(board: string, name: string, ...args: string[]): Promise<Served> {
  return servedRill(["flash", coreOf(name), "--board", board, ...args]);
}

/** Runs the calls on a board, and compares what they tell with `rill run`. @returns what that is */
async function same(board: string, name: string, ...args: string[]): Promise<string> {
  const there = await flash(board, name, "--stub", ...args);
  assert.equal(there.code, 0, there.stderr);
  const here = await servedRill(["run", coreOf(name), "--stub", ...args]);
  assert.equal(here.code, 0, here.stderr);
  assert.equal(there.stdout, here.stdout);
  return there.stdout;
}

const LOWPASS = [
  ...["a = lowpass(2)", "a.push(40)", "b = lowpass(1)", "b.push(10)", "a.push(40)", "a.filter([1, 2, 3])"],
  // Four at most: the fifth is made when one has ended.
  ...["c = lowpass(1)", "d = lowpass(1)", "drop a", "e = lowpass(3)", "e.push(80)", "b.push(10)"],
];

for (const name of ["res", "waiting"])
  test(`a resource of the guest's on microbit: made, its methods called, dropped: ${name}`, async () => {
    assert.equal((await same("microbit", name, ...LOWPASS)).split("\n").length, 7);
  });

test("resources in lists and records, lent and counted, and what is left is dropped", async () => {
  const told = await same(
    "netduinoplus2",
    "counters",
    ...[
      "r = row(3)",
      "alive()",
      "total([])",
      "c = counter(5)",
      "c.add(7)",
      "c.fill([1, 2, 3])",
      "c.get()",
      "total([c, c])",
    ],
    ...["drop c", "alive()"],
  );
  assert.equal(told, "3\n0\n12\n18\n18\n36\n3\n");
});

test("handles that the guest gets, drops itself, and gives: its destructor runs in it", async () => {
  const calls = ["a = counter(1)", "b = counter(2)", "m = counter.merge(a, b)", "alive()", "m.get()"];
  const told = await same(
    "netduinoplus2",
    "counters",
    ...calls,
    "s = split(m)",
    "alive()",
    "total([s.first, s.second])",
  );
  assert.equal(told, "1\n3\n2\n3\n");
});

test("strings, records and streams of them, from file and to file, one call after the other", async () => {
  const input = join(folder, "in.jsonl");
  writeFileSync(input, '"a"\n"b"\n');
  const out = join(folder, "out.jsonl");
  const calls = ['x = same-text("once")', "length(x)", "texts(names)", "same-text(x)", "texts([x, x])"];
  const files = ["--in", `names=${input}`, "--out", out];
  await same("netduinoplus2", "texts", ...calls, ...files);
  const here = readFileSync(out, "utf8");
  assert.equal(here, '"<once>"\n"<once>"\n');
  assert.equal((await flash("netduinoplus2", "texts", "--stub", ...calls, ...files)).code, 0);
  assert.equal(readFileSync(out, "utf8"), here);
});

test("a call that traps: what was told before stays, and the message names the call", async () => {
  const { code, stdout, stderr } = await flash("microbit", "res", ...Array<string>(5).fill("lowpass(1)"));
  assert.deepEqual([code, stdout], [1, "<lowpass>\n".repeat(4)]);
  assert.match(stderr, /microbit: .*trap.*, in "lowpass\(1\)"\n$/);
});

test("lines that noise has damaged, and a call that is ordered twice: each runs once", async () => {
  const board = findBoard("microbit");
  const plan = planRun(coreOf("waiting"), {
    ...{ calls: LOWPASS, in: [], host: "board" },
  });
  const named = plan.calls!.flatMap((one) => (one.kind === "call" ? one.call : []));
  const packed = await packBytes("guest", plan.core, { call: named[0]!, further: named, board: "microbit" });
  const guest = new RemoteGuest(packed, () => null, { has: () => false, call: () => Promise.resolve(null) });
  let told = "";
  const calls = new RemoteCalls({
    ...{
      calls: plan.calls!,
      entries: packed.entries,
      guest,
      input: () => ({ value: null }),
      keepsLast: false,
    },
    print: (text) => {
      told += text;
    },
  });
  const damage = damaging(7);
  let order: Buffer = Buffer.alloc(0);
  const report = await runOnQemu({
    ...{ board, elf: (await buildFirmware(board)).elf, policy: "line", rate: 0, timeout: 90_000, calls },
    images: [{ address: board.images.start, bytes: packed.image }],
    stream: (_, index) => calls.raw(index),
    remote: () => guest,
    spoil: (line) => {
      if (line[0] === G) order = line;
      // Late: behind what is too long for a line, when the call has ended that it ordered.
      const isAnswer = line.subarray(0, 3).toString() === "c00";
      return isAnswer ? Buffer.concat([line, Buffer.alloc(300, "x"), NEWLINE, order]) : damage(line);
    },
  });
  assert.deepEqual(report.errors, []);
  assert.ok(report.log.includes("again"), "no order was damaged");
  assert.equal(told, (await servedRill(["run", coreOf("waiting"), ...LOWPASS])).stdout);
});

test("--json has what each call answered", async () => {
  const { stdout } = await flash("microbit", "res", "a = lowpass(0)", "a.push(5)", "--json");
  const { calls, error } = JSON.parse(stdout) as { calls: unknown; error: unknown };
  assert.deepEqual(calls, [{ call: "a = lowpass(0)" }, { call: "a.push(5)", result: 5 }]);
  assert.equal(error, null);
});

test("what boards do not do: one message", async () => {
  const refused = (outcome: Served, message: RegExp): void => {
    assert.equal(outcome.code, 2, outcome.stderr);
    assert.equal(outcome.stderr.trim().split("\n").length, 1, outcome.stderr);
    assert.match(outcome.stderr, message);
  };
  refused(await flash("lm3s811evb", "res", "lowpass(1)", "alive()"), /exports no alive/);
  refused(
    await flash("lm3s811evb", "res", "lowpass(1)"),
    /is to be called more than once, and the firmware of lm3s811evb/,
  );
  refused(
    await flash("microbit", "res", "lowpass(1)", "--native"),
    /--native: calls as arguments are for the firmware with WAMR/,
  );
  refused(
    await flash("microbit", "res", "lowpass(1)", "--with", "probe-rs"),
    /calls as arguments are for emulated boards/,
  );
  refused(await flash("netduinoplus2", "counters", "alive()", "look(alive)"), /alive is not of the type/);
});
