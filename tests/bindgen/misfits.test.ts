/**
 * What a type does not hold: values that a guest answers with, strings and lists that have no
 * room. The hosts trap; nothing is cut off.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type BuildResult, buildGuest } from "../../tools/compile/build-guest.js";
import { Guest } from "../../tools/host/guest.js";
import type { SharedStream } from "../../tools/host/copies/shared-stream.js";
import { StreamSink } from "../../tools/host/copies/stream-sink.js";
import { Trap } from "../../tools/host/values/trap.js";
import type { Value } from "../../tools/host/values/value.js";
import { UserError } from "../../tools/errors/user-error.js";
import { packageRoot } from "../../tools/package-root.js";
import { runOnWamr } from "../../tools/wamr/run-program.js";

const MISFITS = "test:misfits/misfits";
/** Bytes of each of the arena's regions. */
const ARENA = 512;
let folder: string;
let built: BuildResult;
let module: WebAssembly.Module;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-misfits-"));
  const guest = join(packageRoot, "tests", "guests", "misfits");
  const [entry, wit] = [join(guest, "misfits.ts"), join(guest, "misfits.wit")];
  built = await buildGuest({ entry, wit, outDir: folder, arenaBytes: ARENA });
  module = new WebAssembly.Module(readFileSync(built.corePath));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

function call(name: string, ...args: Value[]): Value {
  return new Guest(module, built.world).call(`${MISFITS}#${name}`, args);
}

/** The items of a function's stream. */
function items(name: string, args: readonly Value[]): Value[] {
  const guest = new Guest(module, built.world);
  const out: Value[] = [];
  const started = guest.start(`${MISFITS}#${name}`, args, (result) => {
    const push = (some: { values(): readonly Value[] }): boolean => out.push(...some.values()) > 0;
    guest.loop.add(new StreamSink(result as SharedStream, { push }, "ready"));
  });
  guest.finish(started);
  return out;
}

/** Why the C host ended the same; `null` when it did not, `undefined` when it does not take such items. */
async function wamrTrap(name: string, args: readonly number[]): Promise<string | null | undefined> {
  const params = args.map((value) => ({ value }));
  const output = join(folder, "out.bin");
  const core = built.corePath;
  try {
    const facts = await runOnWamr({ core, world: built.world, call: `${MISFITS}#${name}`, params, output });
    return facts.trap;
  } catch (error) {
    if (error instanceof UserError && error.message.includes("the C host does not serve")) return undefined;
    throw error;
  }
}

test("what the types do hold goes through", () => {
  assert.equal(call("text", 0), "aß😀");
  assert.deepEqual(call("numbers", 0), [0, 0, 0, 0]);
  assert.deepEqual(call("shapes", 0), [{ nothing: null }, { nothing: null }]);
  assert.equal(call("letter", 0x1f600), "😀");
  assert.equal(call("suit-of", 3), "spades");
});

const misfits: readonly (readonly [string, string, readonly number[], RegExp])[] = [
  ["a high surrogate alone", "text", [1], /surrogate|UTF-16/i],
  ["a low surrogate alone", "text", [2], /surrogate|UTF-16/i],
  ["surrogates in the wrong order", "text", [3], /surrogate|UTF-16/i],
  ["a string longer than memory", "text", [4], /memory/],
  ["a list longer than memory", "numbers", [1], /memory/],
  ["a list at an odd address", "numbers", [2], /not a multiple of 4/],
  ["a list behind memory", "numbers", [3], /memory/],
  ["a list of variants longer than memory", "shapes", [1], /longer than/],
  ["a surrogate as a char", "letter", [0xd800], /char|scalar/],
  ["a char above U+10FFFF", "letter", [0x11_0000], /char|scalar/],
  ["an enum without such a value", "suit-of", [4], /enum|case|discriminant/],
  ["a variant without such a case", "shape-of", [3], /case|discriminant/],
];

for (const [what, name, args, message] of misfits) {
  test(`${what}: V8's host traps`, () => {
    assert.throws(
      () => call(name, ...args),
      (error) => error instanceof Trap && message.test(error.message),
    );
  });
}

const misfitItems: readonly (readonly [string, string, readonly number[]])[] = [
  ["a high surrogate alone", "texts", [1]],
  ["a low surrogate alone", "texts", [2]],
  ["surrogates in the wrong order", "texts", [3]],
  ["a string longer than memory", "texts", [4]],
  ["an enum without such a value", "cards", [4, 0, 65]],
  ["a variant without such a case", "cards", [0, 3, 65]],
  ["a surrogate as a char", "cards", [0, 0, 0xdfff]],
];

for (const [what, name, args] of misfitItems) {
  test(`${what}, as an item: both hosts trap`, async () => {
    assert.throws(() => items(name, args), Trap);
    assert.notEqual(await wamrTrap(name, args), null);
  });
}

test("the same items within their types: neither host traps", async () => {
  assert.deepEqual(items("texts", [0]), ["aß😀"]);
  assert.deepEqual(items("cards", [3, 0, 65]), [{ suit: "spades", shape: { nothing: null }, letter: "A" }]);
  assert.equal((await wamrTrap("texts", [0])) ?? null, null);
  assert.equal((await wamrTrap("cards", [3, 0, 65])) ?? null, null);
});

test("more room than there is memory: the guest traps, for any length", () => {
  for (const length of [100, 0x0fff_ffff, 0x1000_0000, 0x2000_0001, 0x7fff_ffff, 0xffff_ffff])
    assert.throws(() => call("allocate", length), Trap, String(length));
});

test("a list longer than the arena, and one longer than memory: a trap that says what is missing", () => {
  assert.equal(call("size", Array<Value>(ARENA - 8).fill(1)), ARENA - 8);
  for (const [length, missing] of [
    [ARENA - 7, "1"],
    [1_000_000, "999,496"],
  ] as const) {
    assert.throws(
      () => call("size", Array<Value>(length).fill(1)),
      (error) =>
        error instanceof Trap &&
        error.message.includes(`the arena is too small: ${missing} more bytes are needed`),
    );
  }
});

test("an arena that is full to its last byte: the next block traps, whatever its length", () => {
  for (const length of [0, 1, 16, 0x7fff_ffff, 0xffff_fff0, 0xffff_ffff]) {
    const guest = new Guest(module, built.world);
    const realloc = guest.exports.cabi_realloc as (...args: number[]) => number;
    realloc(0, 0, 1, ARENA - 8);
    assert.throws(() => realloc(0, 0, 1, length), WebAssembly.RuntimeError, String(length));
  }
});

test("every NaN: the guest gets the canonical one, and so does the host", () => {
  assert.equal(call("bits", NaN), 0x7fc0_0000);
  for (const bits of [0x7fc0_0000, 0x7f80_0001, 0xffc0_0000, 0xffff_ffff])
    assert.ok(Number.isNaN(call("float-of", bits)));
  assert.equal(call("float-of", 0xff80_0000), -Infinity);
});
