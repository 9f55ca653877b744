/**
 * Sync functions are called while a task of the same instance waits: the ABI makes no one wait
 * for them. The task's memory stays whole.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type BuildResult, buildGuest } from "../../tools/compile/build-guest.js";
import { Guest } from "../../tools/host/guest.js";
import { Items } from "../../tools/host/copies/items.js";
import { type HostFunction, immediate } from "../../tools/host/calls/lower.js";
import type { SharedStream } from "../../tools/host/copies/shared-stream.js";
import { StreamSink } from "../../tools/host/copies/stream-sink.js";
import { StreamSource } from "../../tools/host/copies/stream-source.js";
import type { Value } from "../../tools/host/values/value.js";
import { packageRoot } from "../../tools/package-root.js";

const ECHO = "test:texts/echo";
const ROUNDS = 200;
let folder: string;
let built: BuildResult;
let module: WebAssembly.Module;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-interleaved-"));
  const guest = join(packageRoot, "tests", "guests", "texts");
  const [entry, wit] = [join(guest, "texts.ts"), join(guest, "texts.wit")];
  built = await buildGuest({ entry, wit, outDir: folder, arenaBytes: 1024 });
  module = new WebAssembly.Module(readFileSync(built.corePath));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const outside = new Map<string, HostFunction>([
  ["test:texts/outside#join", immediate((a, b) => (b as string[]).join(a as string))],
  ["test:texts/outside#ask", immediate((question) => `${question as string}?`)],
]);

/** Zips `ROUNDS` texts with others; `call` runs before each item that comes or goes. */
function zipWhile(call: (guest: Guest, step: number) => void): Value[] {
  const guest = new Guest(module, built.world, { functions: outside });
  const out: Value[] = [];
  let step = 0;
  const inBetween = (): void => {
    call(guest, step++);
  };
  const source = (letter: string): SharedStream => {
    let next = 0;
    const pull = (): Items | "end" => {
      inBetween();
      return next === ROUNDS ? "end" : Items.fromValues({ kind: "string" }, [`${letter}${next++}`]);
    };
    return guest.loop.add(new StreamSource({ kind: "string" }, { pull }, "blocking")).shared;
  };
  const [x, y] = [source("x"), source("y")];
  const zip = guest.start(`${ECHO}#zip`, [x, y], (result) => {
    const push = (some: Items): boolean => {
      inBetween();
      return out.push(...some.values()) > 0;
    };
    guest.loop.add(new StreamSink(result as SharedStream, { push }, "blocking"));
  });
  guest.finish(zip);
  return out;
}

const MAYBE = { some: "maybe" };
const zipped = Array.from({ length: ROUNDS }, (_, index) => `x${index}|y${index}`);
const entry = { name: "née", tags: ["a", "bc"], bytes: [1, 2, 3], at: 7n };

const calls: readonly (readonly [what: string, name: string, args: readonly Value[], result: Value])[] = [
  ["a string goes in and comes back", "same-text", ["what comes in between"], "what comes in between"],
  ["a string goes in and a number comes back", "length", ["in between"], 10],
  ["a record of lists goes in and comes back", "same-entry", [entry], entry],
  ["an option goes in and comes back", "same-maybe", [MAYBE], MAYBE],
  ["the callee makes what comes back", "repeat", ["ab", 3], [["ab", "ab", "ab"], 6]],
];

for (const [what, name, args, result] of calls) {
  test(`while a task waits for strings, ${what}`, () => {
    let made = 0;
    const out = zipWhile((guest) => {
      assert.deepEqual(guest.call(`${ECHO}#${name}`, args), result);
      made++;
    });
    assert.deepEqual(out, zipped);
    assert.ok(made > 3 * ROUNDS, `${made} calls`);
  });
}

test("while a task waits for strings, a callee asks others for strings", () => {
  const out = zipWhile((guest, step) => {
    if (step % 5 === 0) assert.equal(guest.call("through", [", ", ["a", "b"]]), "a, b");
  });
  assert.deepEqual(out, zipped);
});

test("many calls while one item is waited for: each gives back what it took", () => {
  let once = false;
  const out = zipWhile((guest, step) => {
    if (step < 5 || once) return;
    once = true;
    for (let i = 0; i < 1000; i++) guest.call(`${ECHO}#repeat`, ["many calls", 2]);
  });
  assert.deepEqual(out, zipped);
});
