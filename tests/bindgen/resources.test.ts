/** Resources: those that the guest implements, in a static table, and those that it imports. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type BuildResult, buildGuest } from "../../tools/compile/build-guest.js";
import { Guest } from "../../tools/host/guest.js";
import type { CopyPolicy } from "../../tools/host/tasks/host-loop.js";
import { Items } from "../../tools/host/copies/items.js";
import { type HostFunction, immediate } from "../../tools/host/calls/lower.js";
import { ResourceHandle } from "../../tools/host/tasks/resource.js";
import type { SharedStream } from "../../tools/host/copies/shared-stream.js";
import { StreamSink } from "../../tools/host/copies/stream-sink.js";
import { StreamSource, sourceOf } from "../../tools/host/copies/stream-source.js";
import type { Value } from "../../tools/host/values/value.js";
import { packageRoot } from "../../tools/package-root.js";
import { run } from "../../tools/setup/run.js";
import { isMissing } from "../../tools/setup/tool.js";
import { wasmTools } from "../../tools/setup/wheels.js";
import type { FunctionType, ValueType } from "../../tools/wit/model.js";

const MADE = "test:counters/made";
const USES = "test:counters/uses";
const GIVEN = "test:counters/given";
let folder: string;
let built: BuildResult;
let module: WebAssembly.Module;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-resources-"));
  const guest = join(packageRoot, "tests", "guests", "counters");
  const [entry, wit] = [join(guest, "counters.ts"), join(guest, "counters.wit")];
  built = await buildGuest({ entry, wit, outDir: folder, component: true });
  module = new WebAssembly.Module(readFileSync(built.corePath));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What stands behind the host's tokens. */
interface Token {
  name: string;
}

const token = (value: Value | undefined): Token => value as unknown as Token;
const handed: string[] = [];
const functions = new Map<string, HostFunction>([
  [`${GIVEN}#[constructor]token`, immediate((name) => ({ name }) as unknown as Value)],
  [`${GIVEN}#[method]token.name`, immediate((self) => token(self).name)],
  [
    `${GIVEN}#[method]token.rename`,
    immediate((self, to) => {
      token(self).name = to as string;
      return null;
    }),
  ],
  [`${GIVEN}#[static]token.longer`, immediate((a, b) => token(a).name.length > token(b).name.length)],
  [`${GIVEN}#[method]token.wait`, immediate((self, turns) => `${token(self).name} after ${turns as number}`)],
  [
    `${GIVEN}#take`,
    immediate((t) => {
      handed.push(token(t).name);
      return 1000;
    }),
  ],
  [`${GIVEN}#peek`, immediate((t) => token(t).name.length)],
  [`${GIVEN}#find`, immediate((key) => (key === 7 ? { some: { name: "seven" } as unknown as Value } : null))],
]);

function instantiate(): Guest {
  return new Guest(module, built.world, { functions });
}

/** Handles of resources that the guest holds: none may stay behind. */
function held(guest: Guest): number {
  return [...guest.instance.handles].filter((entry) =>
    [entry].flat().some((x) => x instanceof ResourceHandle),
  ).length;
}

test("constructor, methods, statics: each counter has a state of its own", () => {
  const guest = instantiate();
  const [a, b] = [5, 7].map((start) => guest.call(`${MADE}#[constructor]counter`, [start])!);
  assert.equal(guest.call(`${MADE}#[method]counter.add`, [a!, 3]), 8);
  assert.equal(guest.call(`${MADE}#[method]counter.get`, [b!]), 7);
  assert.equal(guest.call(`${MADE}#total`, [[a!, b!, a!]]), 23);
  const sum = guest.call(`${MADE}#[static]counter.merge`, [a!, b!])!;
  assert.equal(guest.call(`${MADE}#[method]counter.get`, [sum]), 15);
  assert.equal(guest.call(`${MADE}#alive`, []), 1, "merge has ended both");
  assert.equal(held(guest), 0);
});

test("handles in a record, in a list, and the destructor for each", () => {
  const guest = instantiate();
  const whole = guest.call(`${MADE}#[constructor]counter`, [9])!;
  const { first, second } = guest.call(`${MADE}#split`, [whole]) as Record<string, Value>;
  assert.deepEqual(
    [first!, second!].map((part) => guest.call(`${MADE}#[method]counter.get`, [part])),
    [4, 5],
  );
  const row = guest.call(`${MADE}#row`, [10]) as readonly Value[];
  assert.equal(guest.call(`${MADE}#total`, [row]), 45);
  assert.equal(guest.call(`${MADE}#alive`, []), 12);
  const end = (state: Value): void => {
    (guest.exports[`${MADE}#[dtor]counter`] as (state: number) => void)(state as number);
  };
  for (const counter of [first!, second!, ...row]) end(counter);
  assert.equal(guest.call(`${MADE}#alive`, []), 0);
});

test("a full table: the guest's own trap, and the places come back for ever", () => {
  const guest = instantiate();
  for (let i = 0; i < 1000; i++) {
    const [a, b] = [1, 2].map((start) => guest.call(`${MADE}#[constructor]counter`, [start])!);
    const sum = guest.call(`${MADE}#[static]counter.merge`, [a!, b!])!;
    (guest.exports[`${MADE}#[dtor]counter`] as (state: number) => void)(sum as number);
  }
  for (let i = 0; i < 16; i++) guest.call(`${MADE}#[constructor]counter`, [i]);
  assert.throws(() => guest.call(`${MADE}#[constructor]counter`, [16]));
});

for (const policy of ["ready", "blocking"] as const) {
  test(`${policy}: an async method, and counters as items of streams`, () => {
    const guest = instantiate();
    const counter = guest.call(`${MADE}#[constructor]counter`, [1])!;
    const u32 = { kind: "u32" } as const;
    const numbers = Items.fromValues(u32, [10, 20, 30]);
    const source = guest.loop.add(new StreamSource(u32, sourceOf(numbers), policy));
    const call = guest.start(`${MADE}#[method]counter.fill`, [counter, source.shared]);
    guest.finish(call);
    assert.deepEqual(call.outcome, { value: 61 });
    assert.deepEqual(stretched(guest, [counter], policy), [counter]);
    assert.equal(guest.call(`${MADE}#[method]counter.get`, [counter]), 122);
    assert.equal(held(guest), 0);
  });
}

function exported(owner: string, name: string): FunctionType {
  return built.world.exports.interfaces
    .find((item) => item.id === owner)!
    .functions.find((func) => func.name === name)!;
}

function stretched(guest: Guest, counters: readonly Value[], policy: CopyPolicy): Value[] {
  const { element } = exported(MADE, "stretch").params[0]!.type as ValueType & { kind: "stream" };
  const out: Value[] = [];
  const items = Items.fromValues(element, counters);
  const source = guest.loop.add(new StreamSource(element!, sourceOf(items), policy));
  const call = guest.start(`${MADE}#stretch`, [source.shared], (result) => {
    const push = (some: Items): boolean => out.push(...some.values()) > 0;
    guest.loop.add(new StreamSink(result as SharedStream, { push }, policy));
  });
  guest.finish(call);
  return out;
}

test("an imported resource: made, used, lent to a static function, given away", () => {
  const guest = instantiate();
  assert.equal(guest.call(`${USES}#pass`, ["ab"]), 3 + 1000);
  assert.deepEqual(handed, ["ab!"]);
  assert.equal(guest.call(`${USES}#has`, [7]), true);
  assert.equal(guest.call(`${USES}#has`, [8]), false);
  assert.equal(held(guest), 0);
});

test("a token that the caller lends is given back when the call ends, in a task before it answers", () => {
  const guest = instantiate();
  const lent = { name: "lent" } as unknown as Value;
  assert.equal(guest.call(`${USES}#look`, [lent]), "lent");
  const call = guest.start(`${USES}#look-later`, [lent]);
  guest.finish(call);
  assert.deepEqual(call.outcome, { value: "lent after 3" });
  assert.equal(guest.call(`${USES}#hand-back`, [lent]), lent);
  assert.equal(held(guest), 0);
});

test("a token used after it was dropped, and one that was kept past its call: the host traps", () => {
  assert.throws(
    () => instantiate().call(`${USES}#use-after-drop`, []),
    /is not in use; a resource was expected/,
  );
  const guest = instantiate();
  guest.call(`${USES}#keep`, [{ name: "lent" } as unknown as Value]);
  assert.throws(() => guest.call(`${USES}#use-kept`, []), /is not in use; a resource was expected/);
});

test("the component validates", async () => {
  const tool = await wasmTools();
  assert.ok(!isMissing(tool));
  const { code, output } = await run(tool.path, ["validate", "--features", "all", built.componentPath!]);
  assert.equal(code, 0, output);
});
