/** A task's function as two: what begins the task, and what is called back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { forgetExpected } from "../../tools/compile/callback/expected-events.js";
import { suspend } from "../../tools/compile/callback/suspend.js";
import { rewrite, withModule } from "../../tools/compile/optimize.js";

const RUN = "my:test/i#run";
const LIFTED = `[async-lift]${RUN}`;
const CALLBACK = `[callback]${LIFTED}`;
const EVENT = 16;
const WAIT = `(drop (call $wait (i32.const 5) (i32.const ${EVENT})))`;
const WAITABLE = `(i32.load (i32.const ${EVENT}))`;
const PAYLOAD = `(i32.load offset=4 (i32.const ${EVENT}))`;
const exportNames = [LIFTED, CALLBACK, "memory"].map((canonical) => ({ internal: canonical, canonical }));

/**
 * A module whose task does what `body` says, which may `note` numbers and have an event written by `poll`.
 */
function suspended(body: string, locals = "", freeWords: readonly number[] = []): string {
  const text = `(module
(import "$root" "[waitable-set-wait]" (func $wait (param i32 i32) (result i32)))
(import "$root" "[waitable-set-wait]stream-read" (func $read (param i32 i32) (result i32)))
(import "$root" "[waitable-set-wait]stream-write" (func $write (param i32 i32) (result i32)))
(import "host" "note" (func $note (param i32)))
(import "host" "note64" (func $note64 (param i64)))
(import "host" "poll" (func $poll (param i32)))
(memory $memory 1)
(global $linear_memory_used i32 (i32.const 64))
(export "memory" (memory $memory))
(export "__heap_base" (global $linear_memory_used))
(export "${LIFTED}" (func $run))
(export "${CALLBACK}" (func $called))
(func $called (param i32) (param i32) (param i32) (result i32) (unreachable))
(func $run (param $a i32) (result i32) ${locals} ${body} (i32.const 0)))`;
  return suspend(text, exportNames, freeWords)!.text;
}

/** Runs a task to its end: its notes, and where memory ends. */
function told(
  text: string,
  argument: number,
  events: readonly (readonly [number, number, number])[],
): unknown[] {
  const notes: unknown[] = [];
  const note = (value: unknown): void => void notes.push(value);
  const binary = withModule(text, (module) => module.emitBinary()) as Uint8Array<ArrayBuffer>;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary), {
    host: {
      note,
      note64: note,
      poll: (ptr: number) => {
        new Uint32Array((exports["memory"] as WebAssembly.Memory).buffer, ptr, 2).set([70, 77]);
      },
    },
    $root: { "[backpressure-inc]": () => note("raised"), "[backpressure-dec]": () => note("lowered") },
  });
  const functions = exports as Record<string, (...args: number[]) => number>;
  let answer = functions[LIFTED]!(argument);
  for (const event of events) {
    assert.equal(answer, (5 << 4) | 2);
    answer = functions[CALLBACK]!(...event);
  }
  assert.equal(answer, 0);
  return notes;
}

test("what stands in front of the first wait runs once, in the function that begins the task", () => {
  const text = suspended(
    `(call $note (local.get $a)) (loop $l ${WAIT} (br_if $l ${PAYLOAD})) (call $note (i32.const 9))`,
  );
  assert.deepEqual(
    told(text, 4, [
      [2, 1, 1],
      [2, 1, 1],
      [2, 1, 0],
    ]),
    ["raised", 4, 9, "lowered"],
  );
});

test("an event that is read right behind the wait is in no memory", () => {
  const text = suspended(`${WAIT} (call $note (i32.add ${WAITABLE} ${PAYLOAD}))`);
  assert.doesNotMatch(text, /i32\.(load|store)/);
  assert.deepEqual(told(text, 0, [[2, 30, 4]]), ["raised", 34, "lowered"]);
});

test("an event that is read behind something else is stored first", () => {
  const text = suspended(
    `${WAIT} (call $note (i32.const 1)) (call $note ${WAITABLE}) (call $note ${PAYLOAD})`,
  );
  assert.deepEqual(told(text, 0, [[2, 30, 4]]), ["raised", 1, 30, 4, "lowered"]);
});

test("one whose memory something has written since is read from there", () => {
  const text = suspended(`${WAIT} (call $poll (i32.const ${EVENT})) (call $note ${PAYLOAD})`);
  assert.deepEqual(told(text, 0, [[2, 30, 4]]), ["raised", 77, "lowered"]);
});

test("an event that a poll has written in front of all waits is there behind the begin", () => {
  const read = `(call $note ${WAITABLE}) (call $note ${PAYLOAD})`;
  const text = suspended(`(call $poll (i32.const ${EVENT})) (if (local.get $a) (then ${WAIT})) ${read}`);
  assert.deepEqual(told(text, 0, []), ["raised", 70, 77, "lowered"]);
  assert.deepEqual(told(text, 1, [[2, 30, 4]]), ["raised", 30, 4, "lowered"]);
});

const four = ["$b", "$c", "$d", "$e"];
const set = four
  .map((name, n) => `(local.set ${name} (i32.mul (local.get $a) (i32.const ${n + 2})))`)
  .join(" ");
const notes = ["$a", ...four].map((name) => `(call $note (local.get ${name}))`).join(" ");
const wide = `(local.set $w (i64.extend_i32_u (local.get $a)))`;
const LOCALS = `${four.map((name) => `(local ${name} i32)`).join(" ")} (local $w i64) (local $never i32)`;

for (const [where, freeWords, end] of [
  ["memory of their own", [], "(i32.const 96)"],
  ["words that are free", [32, 36, 40, 44, 48, 52, 56, 60], "(i32.const 64)"],
] as const)
  test(`locals that are needed behind the begin and behind a wait: ${where}`, () => {
    const text = suspended(
      `${set} ${wide} (if (i32.and (local.get $a) (i32.const 1)) (then ${WAIT})) ${notes} (call $note64 (local.get $w)) (call $note (local.get $never)) ${WAIT} ${notes}`,
      LOCALS,
      freeWords,
    );
    assert.ok(text.includes(`(global $linear_memory_used i32 ${end})`), text);
    const noted = (a: number): unknown[] => [a, 2 * a, 3 * a, 4 * a, 5 * a];
    for (const [a, events] of [
      [4, 1],
      [3, 2],
    ] as const)
      assert.deepEqual(told(text, a, Array(events).fill([2, 8, 9])), [
        "raised",
        ...noted(a),
        BigInt(a),
        0,
        ...noted(a),
        "lowered",
      ]);
  });

test("a wait at the very begin of a loop: no table where there is one place alone to enter", () => {
  const text = suspended(`(loop $l ${WAIT} (call $note ${PAYLOAD}) (br_if $l ${PAYLOAD}))`);
  assert.doesNotMatch(text, /br_table/);
  assert.deepEqual(
    told(text, 0, [
      [2, 1, 5],
      [2, 1, 0],
    ]),
    ["raised", 5, 0, "lowered"],
  );
});

const READ = WAIT.replace("$wait", "$read");
const WRITE = WAIT.replace("$wait", "$write");
/** Reads and writes until a write brings 0; `before` and `behind` are around the read. */
const copying = (before = "", behind = ""): string =>
  `(loop $l ${before} ${READ} ${behind} (call $note ${PAYLOAD}) ${WRITE} (br_if $l ${PAYLOAD})) (call $note (i32.const 9))`;
type Event = readonly [code: number, waitable: number, payload: number];
const COPIED: readonly Event[] = [
  [2, 1, 5],
  [3, 2, 1],
  [2, 1, 6],
  [3, 2, 0],
];
/** With another event in front of each read's. */
const twice = (first: Event): Event[] =>
  COPIED.flatMap((event) => (event[0] === 2 ? [first, event] : [event]));
const KEPT: readonly { what: string; body: string; events: readonly Event[]; noted: readonly number[] }[] = [
  { what: "two waits for the same event", body: copying(READ), events: twice([2, 1, 3]), noted: [5, 6, 9] },
  { what: "a wait for whatever comes", body: copying(WAIT), events: twice([4, 1, 3]), noted: [5, 6, 9] },
  {
    what: "a code that is asked for",
    body: `(local.set $code ${WRITE.slice("(drop ".length, -1)}) (call $note (local.get $code)) ${READ} (call $note ${PAYLOAD})`,
    events: [
      [3, 1, 7],
      [2, 1, 8],
    ],
    noted: [3, 8],
  },
];

test("waits for different events: the event's code says where the task goes on, and nothing keeps it", () => {
  const text = suspended(copying());
  assert.doesNotMatch(text, /rill_at|global\.set/);
  assert.deepEqual(told(text, 0, COPIED), ["raised", 5, 6, 9, "lowered"]);
});

test("the same where the write comes first, and in a loop inside of another", () => {
  const inner = `(loop $m ${READ} (call $note ${PAYLOAD}) (br_if $m ${PAYLOAD}))`;
  const text = suspended(`(loop $l ${WRITE} (call $note ${PAYLOAD}) ${inner} (br_if $l (local.get $a)))`);
  assert.doesNotMatch(text, /rill_at|global\.set/);
  const events = [
    [3, 1, 7],
    [2, 1, 8],
    [2, 1, 0],
  ] as const;
  assert.deepEqual(told(text, 0, events), ["raised", 7, 8, 0, "lowered"]);
});

test("an event that is stored, behind waits for different ones", () => {
  const text = suspended(copying("", "(call $note (i32.const 1))"));
  assert.doesNotMatch(text, /rill_at/);
  assert.deepEqual(told(text, 0, COPIED), ["raised", 1, 5, 1, 6, 9, "lowered"]);
});

for (const { what, body, events, noted } of KEPT)
  test(`${what}: the place is kept`, () => {
    const text = suspended(body, "(local $code i32)");
    assert.match(text, /global\.set \$"?rill_at/);
    assert.deepEqual(told(text, 0, events), ["raised", ...noted, "lowered"]);
  });

test("where the stack has to be unwound, no name of the library's is left", () => {
  const text = `(module
(import "$root" "[waitable-set-wait]stream-read" (func $read (param i32 i32) (result i32)))
(import "$root" "[waitable-set-wait]stream-write" (func $write (param i32 i32) (result i32)))
(func $run (result i32) ${READ} ${WRITE} ${READ} (i32.const 0)))`;
  const plain = rewrite(text, forgetExpected);
  assert.deepEqual(
    [...plain.matchAll(/"\$root" "([^"]*)"/g)].map(([, field]) => field),
    ["[waitable-set-wait]"],
  );
  assert.equal([...plain.matchAll(/\(call \$read /g)].length, 3);
  assert.equal(rewrite(plain, forgetExpected), plain);
});
