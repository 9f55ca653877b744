/**
 * Streams, futures and resources on boards where WASI has them: in what an imported function answers with, in
 * tuples, lists and records, in items of streams. As on V8, and what is none of the guest's has a code.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type Pulled, pulledFrom } from "../../tools/run/remote/held-items.js";
import type { Value } from "../../tools/host/values/value.js";
import { packageRoot } from "../../tools/package-root.js";
import { findBoard } from "../../tools/pack/board-table.js";
import { packBytes } from "../../tools/pack/pack-command.js";
import { build } from "../../tools/testing/testing.js";
import { servedRill } from "../served-rill.js";
import { isLong } from "../tier.js";
import { type BoardCall, callOnBoard, damaging } from "./remote-runs.js";

type Core = Uint8Array<ArrayBuffer>;
type Wait = "wait" | "callback";
type Name = "reading" | "nested" | "astray";

const microbit = findBoard("microbit");
const hifive1 = findBoard("hifive1");
const netduino = findBoard("netduinoplus2");
const WAITS = ["wait", "callback"] as const;
/** Bytes of pool for places of the cache of blocks above the smallest one. */
const MORE_BLOCKS = 4 * 24;
const DISK = join(packageRoot, "tests", "guests", "reading", "disk.mjs");

let folder: string;
const cores = new Map<string, Core>();

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-ends-"));
  for (const wait of WAITS)
    for (const name of wait === "wait"
      ? (["reading", "astray", "nested"] as const)
      : (["reading", "astray"] as const)) {
      const core = await guest(name, wait);
      cores.set(`${name} ${wait}`, core);
      writeFileSync(path(name, wait), core);
    }
});
after(() => {
  rmSync(folder, { recursive: true });
});

function guest(name: Name, wait: Wait): Promise<Core> {
  const file = join(packageRoot, "tests", "guests", name, name);
  return build({ entry: `${file}.ts`, wit: `${file}.wit`, bindings: false, arenaBytes: 256, wait });
}

function path(name: Name, wait: Wait): string {
  return join(folder, `${name}-${wait}.core.wasm`);
}

async function rill(...args: string[]): Promise<{ readonly code: number; readonly output: string }> {
  const { code, output } = await servedRill(args);
  // The summary on standard error is each host's own.
  const lines = output.split("\n").filter((line) => !/^(v8|\w+): \d+ items in/.test(line));
  return { code, output: lines.join("\n") };
}

/** Calls of one instance, on a board and on V8. */
async function agrees(
  core: string,
  board: string,
  calls: readonly string[],
  imports: readonly string[] = ["--imports", DISK],
): Promise<void> {
  const onV8 = await rill("run", core, ...calls, ...imports);
  assert.equal(onV8.code, 0, onV8.output);
  const onBoard = await rill("flash", core, ...calls, ...imports, "--board", board, "--timeout", "60");
  assert.equal(onBoard.output, onV8.output, board);
}

const READ = ["total(5)", "total(12)", "pass(5)", "make(12)", "store(5)", "store(20)"];
const HANDLES = [
  ...["f = open(3)", "look(f)", "sync-look(f)", "take(f)", "each(3)"],
  ...["a = open(1)", "b = open-later(2)", "all([a, b])", "through(3)", "open-later(0)"],
];

for (const [board, wait] of [
  ...(isLong ? ([["microbit", "wait"]] as const) : []),
  ["microbit", "callback"],
  ["hifive1", "wait"],
] as const) {
  // With callbacks all of them are more than microbit's RAM holds at once.
  const sessions = wait === "callback" ? [READ.slice(0, 3), READ.slice(3)] : [READ];

  test(`${board}, --wait ${wait}: streams and futures that imported functions give, take, and an entry answers with`, async () => {
    for (const calls of [...sessions, ["walk()"], ["some-of(10, 4)", "shout([97, 98, 99])"]])
      await agrees(path("reading", wait), board, calls);
  });

  test(`${board}, --wait ${wait}: the host's resources as arguments, results and items`, async () => {
    for (const calls of [HANDLES.slice(0, 5), HANDLES.slice(5)])
      await agrees(path("reading", wait), board, calls);
  });
}

test("items with strings of a stream that a call gave: where a guest may wait for them", async () => {
  await agrees(path("reading", "callback"), "microbit", ["lengths()"]);
  await agrees(path("reading", "wait"), "hifive1", ["lengths()"]);
  const choices = { name: "reading", call: "test:reading/app#lengths", board: "microbit" };
  await assert.rejects(packBytes("guest", cores.get("reading wait")!, choices), {
    message: /lengths waits inside of its function for items with strings .* microbit .* --wait callback/,
  });
});

test("in records, lists, variants, options and items of streams; handed back; kept between calls", async () => {
  for (const calls of [
    [
      ...['sum({id: 3, items: [1, 2, 3], note: "hi"})', 'pack(3, "hi")', "swap(([1, 2], [3]))"],
      ...["hand-back([1, 2])", "lists([[1, 2], [3], []])", "keep([7, 8])", "next-kept()", "next-kept()"],
    ],
    ["flatten([[1, 2], [3], [], [4, 5]])", "split(7, 3)"],
    ['texts(["a", "bc"])', "pass([1, 2])"],
    ['choose(numbers([1, 2, 3]), some([4]), ok("x"))', 'choose(text("t"), none, err([(), ()]))'],
  ])
    await agrees(path("nested", "wait"), "netduinoplus2", calls, ["--stub"]);
  await agrees(
    path("nested", "wait"),
    "hifive1",
    ["lists([[1, 2], [3], []])", "swap(([1], [2]))"],
    ["--stub"],
  );
  await agrees(path("nested", "wait"), "microbit", ["split(4, 2)"], ["--stub"]);
});

/** A stream of a test's, and what it is told. */
function bytes(count: number, told: string[] = []): Pulled {
  const from = pulledFrom(Array.from({ length: count }, (_, index) => index));
  return { next: () => from.next(), leave: () => told.push("left") };
}

const TOTAL = "test:reading/app#total";
const total = (count: number, told: string[] = []): BoardCall => ({
  core: cores.get("reading wait")!,
  call: count < 0 ? "test:reading/app#some-of" : TOTAL,
  args: count < 0 ? [9, 2] : [count],
  functions: {
    "test:reading/disk#read-via-stream": (n) =>
      [bytes(n as number, told), pulledFrom([{ ok: null }])] as unknown as Value,
  },
});

test("a stream that the guest drops is left, noise on the line costs no item, the pool is as stated", async () => {
  const told: string[] = [];
  const { report, outcomes } = await callOnBoard(microbit, [total(9), total(-1, told)], {
    spoil: damaging(7),
  });
  assert.deepEqual(report.errors, []);
  assert.deepEqual(
    outcomes.map(({ result }) => result),
    [[36, null], 1],
  );
  assert.deepEqual(told, ["left"]);
  assert.ok(report.log.includes("again"), "no order was damaged");
  report.ends.forEach(({ counts }, index) => {
    const { pool } = outcomes[index]!.packed.needs;
    assert.ok(counts.peak! <= pool + MORE_BLOCKS, `${counts.peak} bytes of pool, ${pool} stated`);
    assert.ok(counts.stack! <= microbit.stack, `${counts.stack} bytes of stack`);
  });
});

/** A call of `astray` that goes wrong. */
const wrong = (name: string, args: readonly Value[] = []): BoardCall => ({
  ...{ core: cores.get("astray wait")!, name: name.slice(0, 8), call: `test:astray/app#${name}`, args },
  functions: Object.fromEntries(
    ["note", "take", "take-words", "take-both"]
      .map((id): [string, () => Value] => [`test:astray/outside#${id}`, () => null])
      .concat([["test:astray/outside#give", () => bytes(1) as unknown as Value]]),
  ),
});

/** What each says. */
const WRONG = [
  ["none", "no such end of a stream or future"],
  ["twice", "no such end of a stream or future"],
  ["both", "no such end of a stream or future"],
  ["unequal", "the end has another element type"],
  ["result-twice", "no such end of a stream or future"],
  ["many", "no place for an end: the image says how many"],
] as const;

for (const board of [microbit, hifive1])
  test(`${board.name}: a handle that is none, one twice, another type, too many: a code, and the next guest runs`, async () => {
    for (const group of [WRONG.slice(0, 3), WRONG.slice(3)]) {
      const { report, outcomes } = await callOnBoard(board, [
        ...group.map(([name]) => wrong(name)),
        total(3),
      ]);
      assert.deepEqual(
        report.errors.map(({ code, text }) => [code, text]),
        group.map(([, text]) => [-67, `Exception: ${text}`]),
      );
      assert.deepEqual(outcomes.at(-1)!.result, [3, null]);
    }
  });

for (const board of [microbit, hifive1])
  test(`${board.name}: what only the computer sees: texts that are not in memory, items that are no handles`, async () => {
    const calls = [
      wrong("far-note"),
      wrong("long-note"),
      wrong("far-text"),
      wrong("far-items"),
      wrong("items"),
    ];
    const { report, outcomes } = await callOnBoard(board, [...calls, wrong("own-of-lent", [5]), total(3)]);
    assert.deepEqual(
      report.errors.map(({ code }) => code),
      outcomes.slice(0, -1).map(() => -67),
    );
    const memory = outcomes[0]!.packed.needs.memory;
    const far = `string: 8 bytes at 1048576 end beyond the memory of ${memory} bytes`;
    assert.deepEqual(
      outcomes.map(({ trap }) => trap?.replace(/memory of \d+/, `memory of ${memory}`) ?? null),
      [
        far,
        "a string of 2147483648 bytes is longer than the ABI allows",
        far,
        far,
        "handle 77 is not in use; a resource was expected",
        // The bindings have dropped what was lent before the guest answers.
        "handle 1 is not in use; a resource was expected",
        null,
      ],
    );
  });

for (const wait of WAITS)
  test(`copies of no items ask whether the other end is ready, and are answered: --wait ${wait}`, async () => {
    const core = cores.get(`astray ${wait}`)!;
    const call = "test:astray/app#asking";
    const items = ["a", "", "bc"];
    const board = wait === "callback" ? microbit : netduino;
    const { report, outcomes } = await callOnBoard(board, [{ core, call, args: [null], items: [items] }]);
    assert.deepEqual(report.errors, []);
    assert.deepEqual(outcomes[0]!.written, items);
  });
