import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../tools/errors/user-error.js";
import { Guest } from "../../tools/host/guest.js";
import { FutureSink, FutureSource } from "../../tools/host/copies/future-host.js";
import { Items } from "../../tools/host/copies/items.js";
import { immediate } from "../../tools/host/calls/lower.js";
import type { SharedFuture } from "../../tools/host/copies/shared-future.js";
import { SharedStream } from "../../tools/host/copies/shared-stream.js";
import { StreamSink } from "../../tools/host/copies/stream-sink.js";
import { sourceOf, StreamSource, type PullSource } from "../../tools/host/copies/stream-source.js";
import { Trap } from "../../tools/host/values/trap.js";
import type { ValueType } from "../../tools/wit/model.js";
import { compileWat, func, worldOf } from "./wat-guest.js";

const u32: ValueType = { kind: "u32" };
const string: ValueType = { kind: "string" };
const streamOf = (element: ValueType): ValueType => ({ kind: "stream", element });

function guestOf(text: string, ...args: [...Parameters<typeof worldOf>]): Guest {
  return new Guest(new WebAssembly.Module(compileWat(text)), worldOf(...args));
}

/** Answers each item with its double; a read asks for up to 3 items at once. */
const tripleWat = `(module
  (import "[export]t:t/i" "[task-return]double" (func $return (param i32)))
  (import "[export]t:t/i" "[stream-new-1]double" (func $new (result i64)))
  (import "[export]t:t/i" "[async-lower][stream-read-0]double" (func $read (param i32 i32 i32) (result i32)))
  (import "[export]t:t/i" "[async-lower][stream-write-1]double" (func $write (param i32 i32 i32) (result i32)))
  (import "[export]t:t/i" "[stream-drop-readable-0]double" (func $dropr (param i32)))
  (import "[export]t:t/i" "[stream-drop-writable-1]double" (func $dropw (param i32)))
  (import "$root" "[waitable-set-new]" (func $set (result i32)))
  (import "$root" "[waitable-set-wait]" (func $wait (param i32 i32) (result i32)))
  (import "$root" "[waitable-join]" (func $join (param i32 i32)))
  (memory (export "memory") 1)
  (func $settle (param $code i32) (param $set i32) (result i32)
    (if (i32.ne (local.get $code) (i32.const -1)) (then (return (local.get $code))))
    (drop (call $wait (local.get $set) (i32.const 0)))
    (i32.load offset=4 (i32.const 0)))
  (func (export "[async-lift]t:t/i#double") (param $in i32) (result i32)
    (local $out i32) (local $set i32) (local $pair i64) (local $code i32) (local $n i32) (local $i i32) (local $done i32)
    (local.set $set (call $set))
    (local.set $pair (call $new))
    (local.set $out (i32.wrap_i64 (i64.shr_u (local.get $pair) (i64.const 32))))
    (call $join (local.get $in) (local.get $set))
    (call $join (local.get $out) (local.get $set))
    (call $return (i32.wrap_i64 (local.get $pair)))
    (block $end (loop $next
      (local.set $code (call $settle (call $read (local.get $in) (i32.const 64) (i32.const 3)) (local.get $set)))
      (local.set $n (i32.shr_u (local.get $code) (i32.const 4)))
      (local.set $i (i32.const 0))
      (block $doubled (loop $each
        (br_if $doubled (i32.ge_u (local.get $i) (local.get $n)))
        (i32.store (i32.add (i32.const 64) (i32.shl (local.get $i) (i32.const 2)))
          (i32.shl (i32.load (i32.add (i32.const 64) (i32.shl (local.get $i) (i32.const 2)))) (i32.const 1)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $each)))
      (local.set $done (i32.const 0))
      (block $written (loop $more
        (br_if $written (i32.ge_u (local.get $done) (local.get $n)))
        (local.set $i (call $settle (call $write (local.get $out)
          (i32.add (i32.const 64) (i32.shl (local.get $done) (i32.const 2)))
          (i32.sub (local.get $n) (local.get $done))) (local.get $set)))
        (local.set $done (i32.add (local.get $done) (i32.shr_u (local.get $i) (i32.const 4))))
        (br_if $end (i32.and (local.get $i) (i32.const 15)))
        (br $more)))
      (br_if $next (i32.eqz (i32.and (local.get $code) (i32.const 15))))))
    (call $dropr (local.get $in))
    (call $dropw (local.get $out))
    (i32.const 0))
  (func (export "[callback][async-lift]t:t/i#double") (param i32 i32 i32) (result i32) (unreachable)))`;
const double = func("double", { x: streamOf(u32) }, streamOf(u32), { async: true });

function counting(length: number): Items {
  return Items.fromValues(
    u32,
    Array.from({ length }, (_, i) => i + 1),
  );
}

for (const policy of ["ready", "blocking"] as const) {
  test(`a stream in and a stream out, ${policy}: all items, in order`, () => {
    const guest = guestOf(tripleWat, [double]);
    const source = guest.loop.add(new StreamSource(u32, sourceOf(counting(100)), policy));
    const out: unknown[] = [];
    const call = guest.start("t:t/i#double", [source.shared], (result) => {
      const push = (items: Items): boolean => out.push(...items.values()) > 0;
      guest.loop.add(new StreamSink(result as SharedStream, { push }, policy));
    });
    guest.finish(call);
    assert.deepEqual(
      out,
      Array.from({ length: 100 }, (_, i) => 2 * (i + 1)),
    );
    assert.equal(source.itemCount, 100);
    const waits = guest.hostCalls.get("[waitable-set-wait]")!;
    assert.equal(waits, policy === "ready" ? 0 : 69);
    assert.deepEqual(
      [...guest.instance.handles].map(([handle]) => handle),
      [2],
      "only the set is left",
    );
  });

  test(`a reader that goes away early, ${policy}: the guest's write tells DROPPED`, () => {
    const guest = guestOf(tripleWat, [double]);
    const source = guest.loop.add(new StreamSource(u32, sourceOf(counting(100)), policy));
    let sink: StreamSink | null = null;
    const out: unknown[] = [];
    const call = guest.start("t:t/i#double", [source.shared], (result) => {
      const push = (items: Items): boolean => out.push(...items.values()) < 7;
      sink = guest.loop.add(
        new StreamSink(result as SharedStream, { push, room: () => Math.max(1, 7 - out.length) }, policy),
      );
    });
    guest.finish(call);
    assert.deepEqual(out, [2, 4, 6, 8, 10, 12, 14]);
    assert.equal(sink!.ended, true);
    assert.equal(source.itemCount, 9);
  });
}

test("a source that has nothing yet lets the guest wait until it has", () => {
  const guest = guestOf(tripleWat, [double]);
  const given: (Items | "end" | "later")[] = ["later", counting(2), "later", "later", counting(1), "end"];
  const source: PullSource = { pull: () => given.shift() ?? "end" };
  const input = new StreamSource(u32, source, "ready");
  let turns = 0;
  // Work of the embedder's own keeps the loop going until the source has something.
  guest.loop.add({ progress: () => input.progress() || ++turns < 10 });
  const out: unknown[] = [];
  const call = guest.start("t:t/i#double", [input.shared], (result) => {
    const push = (items: Items): boolean => out.push(...items.values()) > 0;
    guest.loop.add(new StreamSink(result as SharedStream, { push }, "ready"));
  });
  guest.finish(call);
  assert.deepEqual(out, [2, 4, 2]);
});

test("a guest that waits for what cannot come traps and says so", () => {
  const guest = guestOf(tripleWat, [double]);
  const never = new SharedStream(u32);
  assert.throws(
    () => guest.call("t:t/i#double", [never]),
    (error: Error) => {
      assert.ok(error instanceof Trap);
      assert.match(error.message, /^deadlock: waitable-set\.wait, and nothing/);
      return true;
    },
  );
});

/** Passes its argument on to the host's `shout` and answers with what that answers. */
const greetWat = `(module
  (import "t:t/h" "shout" (func $shout (param i32 i32 i32)))
  (memory (export "memory") 1)
  (global $heap (mut i32) (i32.const 1024))
  (global $posts (export "posts") (mut i32) (i32.const 0))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (global.set $heap (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.get $heap)
    (global.set $heap (i32.add (global.get $heap) (local.get 3))))
  (func (export "t:t/i#greet") (param i32 i32) (result i32)
    (call $shout (local.get 0) (local.get 1) (i32.const 16))
    (i32.const 16))
  (func (export "cabi_post_t:t/i#greet") (param i32)
    (global.set $posts (i32.add (global.get $posts) (i32.const 1)))))`;

for (const encoding of ["utf8", "utf16", "latin1+utf16"] as const) {
  test(`a string through the guest, the host and back (${encoding})`, () => {
    const world = worldOf([func("greet", { name: string }, string)], [func("shout", { x: string }, string)]);
    const functions = new Map([["t:t/h#shout", immediate((text) => `${text as string}! \u{1f600}`)]]);
    const guest = new Guest(new WebAssembly.Module(compileWat(greetWat)), world, { functions, encoding });
    assert.equal(guest.call("t:t/i#greet", ["gr\u00fc\u00df dich"]), "gr\u00fc\u00df dich! \u{1f600}");
    assert.equal((guest.exports["posts"] as WebAssembly.Global).value, 1);
  });
}

/** Adds up the items of a stream, waiting in the event loop: two tasks of it run side by side. */
const sumWat = `(module
  (import "[export]t:t/i" "[task-return]sum" (func $return (param i32)))
  (import "[export]t:t/i" "[async-lower][stream-read-0]sum" (func $read (param i32 i32 i32) (result i32)))
  (import "[export]t:t/i" "[stream-drop-readable-0]sum" (func $drop (param i32)))
  (import "$root" "[waitable-set-new]" (func $set (result i32)))
  (import "$root" "[waitable-join]" (func $join (param i32 i32)))
  (import "$root" "[context-get-0]" (func $get (result i32)))
  (import "$root" "[context-set-0]" (func $put (param i32)))
  (memory (export "memory") 1)
  (global $frames (mut i32) (i32.const 64))
  ;; a task's frame: the stream, the set, the sum, the slot
  (func $step (param $code i32) (result i32) (local $f i32)
    (local.set $f (call $get))
    (loop $again (result i32)
      (if (i32.eq (local.get $code) (i32.const -1)) (then
        (return (i32.or (i32.shl (i32.load offset=4 (local.get $f)) (i32.const 4)) (i32.const 2)))))
      (if (i32.shr_u (local.get $code) (i32.const 4)) (then
        (i32.store offset=8 (local.get $f) (i32.add (i32.load offset=8 (local.get $f)) (i32.load offset=12 (local.get $f))))))
      (if (i32.and (local.get $code) (i32.const 15)) (then
        (call $drop (i32.load (local.get $f)))
        (call $return (i32.load offset=8 (local.get $f)))
        (return (i32.const 0))))
      (local.set $code (call $read (i32.load (local.get $f)) (i32.add (local.get $f) (i32.const 12)) (i32.const 1)))
      (br $again)))
  (func (export "[async-lift]t:t/i#sum") (param $in i32) (result i32) (local $f i32)
    (local.set $f (global.get $frames))
    (global.set $frames (i32.add (global.get $frames) (i32.const 16)))
    (call $put (local.get $f))
    (i32.store (local.get $f) (local.get $in))
    (i32.store offset=4 (local.get $f) (call $set))
    (call $join (local.get $in) (i32.load offset=4 (local.get $f)))
    (call $step (i32.const 0)))
  (func (export "[callback][async-lift]t:t/i#sum") (param i32 i32 i32) (result i32)
    (call $step (local.get 2))))`;

test("two tasks with callbacks wait side by side, each with its own context", () => {
  const guest = guestOf(sumWat, [func("sum", { x: streamOf(u32) }, u32, { async: true })]);
  const sources = [10, 20].map((length) =>
    guest.loop.add(new StreamSource(u32, sourceOf(counting(length)), "blocking")),
  );
  const calls = sources.map((source) => guest.start("t:t/i#sum", [source.shared]));
  assert.deepEqual(
    calls.map((call) => call.isDone),
    [false, false],
  );
  assert.deepEqual(
    calls.map((call) => guest.finish(call)),
    [55, 210],
  );
});

/** Answers a future with the double of another one. */
const futureWat = `(module
  (import "[export]t:t/i" "[task-return]later" (func $return (param i32)))
  (import "[export]t:t/i" "[future-new-1]later" (func $new (result i64)))
  (import "[export]t:t/i" "[future-read-0]later" (func $read (param i32 i32) (result i32)))
  (import "[export]t:t/i" "[future-write-1]later" (func $write (param i32 i32) (result i32)))
  (import "[export]t:t/i" "[future-drop-readable-0]later" (func $dropr (param i32)))
  (import "[export]t:t/i" "[future-drop-writable-1]later" (func $dropw (param i32)))
  (memory (export "memory") 1)
  (func (export "[async-lift-stackful]t:t/i#later") (param $in i32) (local $pair i64) (local $out i32)
    (local.set $pair (call $new))
    (local.set $out (i32.wrap_i64 (i64.shr_u (local.get $pair) (i64.const 32))))
    (call $return (i32.wrap_i64 (local.get $pair)))
    (drop (call $read (local.get $in) (i32.const 0)))
    (i32.store (i32.const 0) (i32.shl (i32.load (i32.const 0)) (i32.const 1)))
    (drop (call $write (local.get $out) (i32.const 0)))
    (call $dropr (local.get $in))
    (call $dropw (local.get $out))))`;

for (const policy of ["ready", "blocking"] as const) {
  test(`a future in and a future out, ${policy}, with synchronous copies in a stackful task`, () => {
    const futureU32: ValueType = { kind: "future", element: u32 };
    const guest = guestOf(futureWat, [func("later", { x: futureU32 }, futureU32, { async: true })]);
    const source = guest.loop.add(new FutureSource(u32, 21, policy));
    let sink: FutureSink | null = null;
    const call = guest.start("t:t/i#later", [source.shared], (result) => {
      sink = guest.loop.add(new FutureSink(result as SharedFuture, policy));
    });
    guest.finish(call);
    assert.deepEqual(sink!.received, { value: 42 });
    assert.deepEqual([...guest.instance.handles], []);
  });
}

test("core code that traps is a trap that keeps the engine's error", () => {
  const guest = guestOf(`(module (func (export "t:t/i#f") (unreachable)))`, [func("f", {}, null)]);
  assert.throws(
    () => guest.call("t:t/i#f", []),
    (error: Error) => {
      assert.ok(error instanceof Trap);
      assert.ok(error.cause instanceof WebAssembly.RuntimeError);
      return true;
    },
  );
});

test("an error of the host's own function is no trap, and passes through the guest", () => {
  const world = worldOf([func("f", {}, null)], [func("g", {}, null)]);
  const functions = new Map([
    [
      "t:t/h#g",
      immediate(() => {
        throw new UserError("mine");
      }),
    ],
  ]);
  const text = `(module (import "t:t/h" "g" (func $g)) (func (export "t:t/i#f") (call $g)))`;
  const guest = new Guest(new WebAssembly.Module(compileWat(text)), world, { functions });
  assert.throws(() => guest.call("t:t/i#f", []), { name: "UserError", message: "mine" });
});

test("an import that no world knows is a message that names it", () => {
  const text = `(module (import "t:t/h" "[stream-frob-0]x" (func)))`;
  assert.throws(() => guestOf(text, []), {
    name: "UserError",
    message: /"t:t\/h" "\[stream-frob-0\]x", which is neither a built-in/,
  });
});

test("a function of the world that the host does not have is a message that names it", () => {
  const text = `(module (import "t:t/h" "log" (func (param i32))))`;
  assert.throws(() => guestOf(text, [], [func("log", { x: u32 }, null)]), {
    name: "UserError",
    message: /the host has no function t:t\/h#log/,
  });
});

test("an export that is not there is a message with those that are", () => {
  const guest = guestOf(tripleWat, [double]);
  assert.throws(() => guest.call("t:t/i#treble", []), {
    name: "UserError",
    message: /no function "t:t\/i#treble"; it exports t:t\/i#double/,
  });
});
