/**
 * Exported functions with more parameters than core values can carry: they come
 * in memory, and arrive as they were.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { type BuildResult, buildGuest } from "../../tools/compile/build-guest.js";
import { Guest } from "../../tools/host/guest.js";
import { Items } from "../../tools/host/copies/items.js";
import { StreamSource, sourceOf } from "../../tools/host/copies/stream-source.js";
import type { Value } from "../../tools/host/values/value.js";
import { packageRoot } from "../../tools/package-root.js";
import type { FunctionType } from "../../tools/wit/model.js";
import { anyValue } from "../host/arbitrary-values.js";

const ECHO = "test:wide/echo";
let folder: string;
let built: BuildResult;
let module: WebAssembly.Module;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-wide-"));
  const guest = join(packageRoot, "tests", "guests", "wide");
  built = await buildGuest({ entry: join(guest, "wide.ts"), wit: join(guest, "wide.wit"), outDir: folder });
  module = new WebAssembly.Module(readFileSync(built.corePath));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

function exported(name: string): FunctionType {
  const functions = built.world.exports.interfaces.flatMap((item) => item.functions);
  return functions.find((func) => func.name === name)!;
}

/** A record of the interface that the arena can hold. */
function anyRecord(): fc.Arbitrary<Record<string, Value>> {
  return (anyValue(exported("same").params[0]!.type) as fc.Arbitrary<Record<string, Value>>).filter(
    (value) => (value.f as string).length * 2 + (value.g as readonly Value[]).length * 4 < 250,
  );
}

test("a record of eighteen core values comes back", () => {
  const guest = new Guest(module, built.world);
  fc.assert(
    fc.property(anyRecord(), (value) => {
      assert.deepEqual(guest.call(`${ECHO}#same`, [value]), value);
    }),
    { numRuns: 300 },
  );
});

test("thirteen parameters of eighteen core values become a record", () => {
  const guest = new Guest(module, built.world);
  const names = exported("spread").params.map(({ name }) => name);
  fc.assert(
    fc.property(anyRecord(), (value) => {
      const args = names.map((name) => value[name]!);
      assert.deepEqual(guest.call(`${ECHO}#spread`, args), value);
    }),
    { numRuns: 300 },
  );
});

test("a task's parameters, a stream among them", () => {
  fc.assert(
    fc.property(anyRecord(), fc.uint8Array(), (value, bytes) => {
      const guest = new Guest(module, built.world);
      const u8 = { kind: "u8" } as const;
      const source = guest.loop.add(new StreamSource(u8, sourceOf(Items.fromBytes(u8, bytes)), "ready"));
      const call = guest.start(`${ECHO}#later`, [value, source.shared]);
      guest.finish(call);
      const m = bytes.reduce((sum, byte) => (sum + byte) >>> 0, value.m as number);
      assert.deepEqual(call.outcome, { value: { ...value, m } });
    }),
    { numRuns: 100 },
  );
});

test("seventeen numbers: memory for them, in a world without strings or lists", () => {
  const guest = new Guest(module, built.world);
  const numbers = Array.from({ length: 17 }, (_, index) => 1 << index);
  numbers[16] = 200;
  for (let call = 0; call < 100; call++)
    assert.equal(guest.call("test:wide/numbers#total", numbers), (1 << 16) - 1 + 200);
});
