/** Resources of the host's and of the guest's own, and error contexts: handles that stand for something. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Guest } from "../../tools/host/guest.js";
import { immediate } from "../../tools/host/calls/lower.js";
import { Trap } from "../../tools/host/values/trap.js";
import type { FunctionType, Resource, ValueType, World } from "../../tools/wit/model.js";
import { compileWat, func } from "./wat-guest.js";

const hosts: Resource = { owner: "t:t/h", name: "file" };
const guests: Resource = { owner: "t:t/i", name: "counter" };
const own = (resource: Resource): ValueType => ({ kind: "own", resource });
const borrow = (resource: Resource): ValueType => ({ kind: "borrow", resource });
const u32: ValueType = { kind: "u32" };

const nothing = { interfaces: [], functions: [], types: [], resources: [] };
const exported: FunctionType[] = [
  { ...func("counter", { start: u32 }, own(guests)), kind: "constructor", resource: guests },
  { ...func("add", { self: borrow(guests), n: u32 }, u32), kind: "method", resource: guests },
  func("close", { f: own(hosts) }, null),
  func("use", { f: borrow(hosts) }, u32),
  func("keep", { f: borrow(hosts) }, null),
  func("give-back", { f: own(hosts) }, own(hosts)),
  func("end", { c: own(guests) }, null),
];
const world: World = {
  id: "t:t/w",
  imports: {
    ...nothing,
    interfaces: [
      { id: "t:t/h", types: [], resources: [hosts], functions: [func("size", { f: borrow(hosts) }, u32)] },
    ],
  },
  exports: { ...nothing, interfaces: [{ id: "t:t/i", types: [], resources: [guests], functions: exported }] },
};

const wat = `(module
  (import "[export]t:t/i" "[resource-new]counter" (func $new (param i32) (result i32)))
  (import "[export]t:t/i" "[resource-rep]counter" (func $rep (param i32) (result i32)))
  (import "[export]t:t/i" "[resource-drop]counter" (func $drop_counter (param i32)))
  (import "t:t/h" "[resource-drop]file" (func $drop_file (param i32)))
  (import "t:t/h" "size" (func $size (param i32) (result i32)))
  (memory (export "memory") 1)
  (global $dropped (export "dropped") (mut i32) (i32.const 0))
  (func (export "t:t/i#[constructor]counter") (param i32) (result i32)
    (i32.store (i32.const 64) (local.get 0))
    (call $new (i32.const 64)))
  (func (export "t:t/i#[method]counter.add") (param i32 i32) (result i32)
    (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (local.get 1)))
    (i32.load (local.get 0)))
  (func (export "t:t/i#[dtor]counter") (param i32) (global.set $dropped (local.get 0)))
  (func (export "t:t/i#end") (param i32)
    (if (i32.ne (call $rep (local.get 0)) (i32.const 64)) (then (unreachable)))
    (call $drop_counter (local.get 0)))
  (func (export "t:t/i#close") (param i32) (call $drop_file (local.get 0)))
  (func (export "t:t/i#use") (param i32) (result i32)
    (call $size (local.get 0))
    (call $drop_file (local.get 0)))
  (func (export "t:t/i#keep") (param i32))
  (func (export "t:t/i#give-back") (param i32) (result i32) (local.get 0)))`;

interface File {
  readonly size: number;
}

function makeGuest(): Guest {
  const functions = new Map([["t:t/h#size", immediate((file) => (file as File).size)]]);
  return new Guest(new WebAssembly.Module(compileWat(wat)), world, { functions });
}

test("a resource of the guest's: constructor, method, drop with its destructor", () => {
  const guest = makeGuest();
  const counter = guest.call("t:t/i#[constructor]counter", [5]);
  assert.equal(counter, 64);
  assert.equal(guest.call("t:t/i#[method]counter.add", [counter, 3]), 8);
  guest.call("t:t/i#end", [counter]);
  assert.equal((guest.exports["dropped"] as WebAssembly.Global).value, 64);
  assert.deepEqual([...guest.instance.handles], []);
});

test("a resource of the host's: lent, used through an import, given back, closed", () => {
  const guest = makeGuest();
  const file: File = { size: 99 };
  assert.equal(guest.call("t:t/i#use", [file]), 99);
  assert.equal(guest.call("t:t/i#give-back", [file]), file);
  guest.call("t:t/i#close", [file]);
  assert.deepEqual([...guest.instance.handles], []);
});

test("a borrowed handle that is kept past the call traps", () => {
  const guest = makeGuest();
  assert.throws(
    () => guest.call("t:t/i#keep", [{ size: 1 }]),
    (error: Error) => {
      assert.ok(error instanceof Trap);
      assert.match(error.message, /ends while it holds 1 borrowed handles/);
      return true;
    },
  );
});

test("a resource used after it was dropped traps, and so does one of another type", () => {
  const text = (body: string): string => `(module
    (import "[export]t:t/i" "[resource-new]counter" (func $new (param i32) (result i32)))
    (import "t:t/h" "[resource-drop]file" (func $drop_file (param i32)))
    (func (export "t:t/i#close") (param i32) ${body}))`;
  const run = (body: string): void => {
    const guest = new Guest(new WebAssembly.Module(compileWat(text(body))), world);
    guest.call("t:t/i#close", [{ size: 1 }]);
  };
  assert.throws(() => {
    run("(call $drop_file (local.get 0)) (call $drop_file (local.get 0))");
  }, /handle 1 is not in use; a resource was expected/);
  assert.throws(() => {
    run("(call $drop_file (call $new (i32.const 1)))");
  }, /a handle of resource counter where one of file was expected/);
});

test("an error context keeps its message", () => {
  const guest = new Guest(
    new WebAssembly.Module(
      compileWat(`(module
        (import "$root" "[error-context-new-utf8]" (func $new (param i32 i32) (result i32)))
        (import "$root" "[error-context-debug-message-utf8]" (func $message (param i32 i32)))
        (import "$root" "[error-context-drop]" (func $drop (param i32)))
        (memory (export "memory") 1)
        (data (i32.const 64) "why")
        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 128))
        (func (export "t:t/i#why") (result i32) (local i32)
          (local.set 0 (call $new (i32.const 64) (i32.const 3)))
          (call $message (local.get 0) (i32.const 16))
          (call $drop (local.get 0))
          (i32.const 16)))`),
    ),
    {
      ...world,
      exports: {
        ...nothing,
        interfaces: [
          { id: "t:t/i", types: [], resources: [], functions: [func("why", {}, { kind: "string" })] },
        ],
      },
    },
    { encoding: "utf8" },
  );
  assert.equal(guest.call("t:t/i#why", []), "why");
  assert.deepEqual([...guest.instance.handles], []);
});
