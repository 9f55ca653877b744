/**
 * Items on boards that are no plain bytes: strings and lists, which the computer lifts and lowers while the
 * guest waits, and items without type.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Value } from "../../tools/host/values/value.js";
import { arenaNeed } from "../../tools/host/values/trap.js";
import { packageRoot } from "../../tools/package-root.js";
import { findBoard } from "../../tools/pack/board-table.js";
import { packBytes } from "../../tools/pack/pack-command.js";
import { run } from "../../tools/setup/run.js";
import { build, open } from "../../tools/testing/testing.js";
import { type BoardCall, callOnBoard, damaging } from "./remote-runs.js";

type Core = Uint8Array<ArrayBuffer>;
type Wait = "wait" | "callback";

const microbit = findBoard("microbit");
const hifive1 = findBoard("hifive1");
const netduino = findBoard("netduinoplus2");
/** What the issue allows `names` on microbit: bytes of RAM. */
const NAMES_RAM = 8500;

let folder: string;
const texts = new Map<Wait, Core>();
const names = new Map<Wait, Core>();
let futures: Core;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-items-"));
  for (const wait of ["wait", "callback"] as const) {
    texts.set(wait, await guest("tests/guests/texts/texts", { arenaBytes: 512, wait }));
    names.set(wait, await guest("examples/names/names", { arenaBytes: 128, wait }));
  }
  futures = await guest("tests/guests/futures/futures");
});
after(() => {
  rmSync(folder, { recursive: true });
});

function guest(path: string, more: object = {}): Promise<Core> {
  const file = join(packageRoot, path);
  return build({ entry: `${file}.ts`, wit: `${file}.wit`, bindings: false, ...more });
}

/** What the guests import and the functions here do not call. */
const functions = Object.fromEntries(
  ["test:texts/outside#join", "test:texts/outside#ask"]
    .concat(["fetch", "echo", "slow", "feed"].map((name) => `test:futures/outside#${name}`))
    .map((name) => [name, (): null => null]),
);

const words = ["", "Ada", "Grüße, 世界 🙂", "x".repeat(20), "a b"];
const entries = [
  { name: "n", tags: ["a", "", "bcd"], bytes: [1, 2, 255], at: 2n ** 63n },
  { name: "", tags: [], bytes: [], at: 0n },
];

/** A call of a function whose stream parameters hold `items`, and what V8 answers. */
function streaming(
  core: Core,
  call: string,
  ...items: Value[][]
): BoardCall & { readonly expected: unknown } {
  return {
    core,
    call,
    args: items.map(() => null),
    items,
    expected: open(core, { functions }).call(call, items),
  };
}

for (const wait of ["wait", "callback"] as const)
  test(`strings and records with lists as items, in and out, by turns from two streams: --wait ${wait}`, async () => {
    const core = texts.get(wait)!;
    const calls = [
      streaming(core, "test:texts/echo#texts", words),
      streaming(core, "test:texts/echo#entries", entries),
      streaming(core, "test:texts/echo#zip", words, ["1", "2"]),
      streaming(core, "test:texts/echo#texts", []),
    ];
    // Lowered in front of a guest that waits inside takes most stack; with callbacks hifive1 has no room.
    for (const board of wait === "wait" ? [netduino, hifive1] : [netduino]) {
      const { report, outcomes } = await callOnBoard(board, calls);
      assert.deepEqual(report.errors, [], board.name);
      calls.forEach(({ call, expected }, index) => {
        assert.deepEqual(outcomes[index]!.written, expected, call);
      });
      assert.equal(report.ends[0]!.counts.in, words.length);
      assert.equal(report.ends[0]!.counts.out, words.length);
      for (const { counts } of report.ends)
        assert.ok(counts.stack! <= board.stack, `${counts.stack} bytes of stack`);
    }
  });

test("names on microbit, in less RAM than it may take", async () => {
  const call = streaming(names.get("callback")!, "rill:names/labels#label", words);
  const { report, outcomes } = await callOnBoard(microbit, [call]);
  assert.deepEqual(report.errors, []);
  assert.deepEqual(outcomes[0]!.written, call.expected);
  const { peak, stack } = report.ends[0]!.counts;
  const { pool } = report.banner;
  assert.ok(stack! <= microbit.stack, `${stack} bytes of stack`);
  const ram = microbit.ram.length - pool! + peak!;
  assert.ok(ram <= NAMES_RAM, `${ram} bytes of RAM`);
});

test("orders that noise has damaged come again", async () => {
  const call = streaming(texts.get("wait")!, "test:texts/echo#texts", words);
  const { report, outcomes } = await callOnBoard(netduino, [call], { spoil: damaging(7) });
  assert.deepEqual(report.errors, []);
  assert.deepEqual(outcomes[0]!.written, call.expected);
  assert.ok(report.log.includes("again"), "no order was damaged");
});

for (const wait of ["wait", "callback"] as const)
  test(`an item longer than the arena: a code, and how many bytes are missing: --wait ${wait}`, async () => {
    const core = texts.get(wait)!;
    const call = "test:texts/echo#texts";
    const long = "x".repeat(700);
    const { report, outcomes } = await callOnBoard(netduino, [
      { core, call, args: [null], items: [[long]] },
      streaming(core, call, ["short"]),
    ]);
    assert.deepEqual(
      report.errors.map(({ code }) => code),
      [-67],
    );
    assert.throws(() => open(core, { functions }).call(call, [[long]]), { message: arenaNeed(report.lacks) });
    assert.deepEqual(outcomes[1]!.written, ["<short>"]);
  });

test("streams and futures without type, and futures of strings and lists", async () => {
  const made = (name: string, given: Partial<BoardCall> = {}): BoardCall => ({
    ...{ core: futures, name, call: `test:futures/made#${name}`, args: [null] },
    ...given,
  });
  const { report, outcomes } = await callOnBoard(netduino, [
    made("count", { streams: [new Uint8Array(50)] }),
    made("tick", { args: [70, 7] }),
    made("after", { streams: [new Uint8Array(1)] }),
    made("greet", { items: [["Ada"]] }),
    made("relabel", { items: [[{ name: "n", tags: [1, 2, 65535] }]] }),
  ]);
  assert.deepEqual(report.errors, []);
  const expected = (name: string, ...args: unknown[]): unknown =>
    open(futures, { functions }).call(`test:futures/made#${name}`, args);
  assert.equal(outcomes[0]!.result, 50);
  assert.equal(outcomes[1]!.items!.length, 70);
  assert.equal(outcomes[2]!.items!.length, 1);
  assert.deepEqual(outcomes[3]!.written, [expected("greet", "Ada")]);
  assert.deepEqual(outcomes[4]!.written, [expected("relabel", { name: "n", tags: [1, 2, 65535] })]);
});

test("rill flash: items from a file and to one, as rill run has them", async () => {
  const core = join(folder, "names.core.wasm");
  writeFileSync(core, names.get("callback")!);
  const input = join(folder, "names.jsonl");
  writeFileSync(input, words.map((text) => `${JSON.stringify(text)}\n`).join(""));
  const rill = async (...args: string[]): Promise<string> => {
    const out = join(folder, "out.jsonl");
    const all = [join(packageRoot, "bin", "rill.js"), ...args, "--in", `x=${input}`, "--out", out];
    const done = await run(process.execPath, all);
    assert.equal(done.code, 0, done.output);
    return readFileSync(out, "utf8");
  };
  assert.equal(await rill("flash", core, "--board", "microbit"), await rill("run", core));
});

test("boards without room for them: one message", async () => {
  const choices = { name: "names", call: null };
  await assert.rejects(packBytes("guest", names.get("wait")!, { ...choices, board: "microbit" }), {
    message:
      /label waits inside of its function .* 2432 bytes of native stack of microbit .* --wait callback, or take hifive1 or netduinoplus2$/,
  });
  await assert.rejects(packBytes("guest", names.get("wait")!, { ...choices, board: "lm3s811evb" }), {
    message:
      /^names has items with strings or lists in streams of rill:names\/labels#label, and the firmware of lm3s811evb/,
  });
});
