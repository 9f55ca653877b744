/**
 * Zero allocations, shown twice: the binary cannot allocate, and a build that
 * counts every allocation counts none.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { type PreparedGuest, linkGuest, prepareGuest } from "../../tools/compile/guest-module.js";
import { withModule } from "../../tools/compile/optimize.js";
import { proveGuest } from "../../tools/compile/prove.js";
import {
  ALLOCATIONS_EXPORT,
  allocationCount,
  withAllocationCounter,
} from "../../tools/instrument/count-allocations.js";
import { Guest } from "../../tools/host/guest.js";
import { Items } from "../../tools/host/copies/items.js";
import type { SharedStream } from "../../tools/host/copies/shared-stream.js";
import { StreamSink } from "../../tools/host/copies/stream-sink.js";
import { StreamSource } from "../../tools/host/copies/stream-source.js";
import { packageRoot } from "../../tools/package-root.js";
import { elemSize } from "../../tools/wit/layout.js";
import type { ValueType, World } from "../../tools/wit/model.js";
import { doubleSource, doubleWit, writeGuest } from "./sample-guests.js";

const ITEMS = 500;
let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "rill-zero-"));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const guests = {
  double: { dir: "tests/guests/double", call: "my:test/i#double" },
  ecg: { dir: "examples/ecg", call: "rill:ecg/detector#beats" },
  imu: { dir: "examples/imu", call: "rill:imu/filter#smooth" },
};

/**
 * Runs the one function of a world over zeroed items, twice, so that a second task is seen too.
 * @returns allocations counted
 */
function allocationsOf(core: Uint8Array, world: World, call: string): number {
  const counting = withAllocationCounter(core)?.bytes ?? core;
  const guest = new Guest(new WebAssembly.Module(counting as Uint8Array<ArrayBuffer>), world);
  const func = world.exports.interfaces.flatMap((item) => item.functions)[0]!;
  const element = (func.params[0]!.type as ValueType & { kind: "stream" }).element!;
  for (let task = 0; task < 2; task++) {
    let left = ITEMS;
    const pull = (most: number): Items | "end" => {
      const length = Math.min(most, left);
      left -= length;
      return length === 0 ? "end" : Items.fromBytes(element, new Uint8Array(length * elemSize(element)));
    };
    const input = guest.loop.add(new StreamSource(element, { pull }, "ready"));
    const done = guest.start(call, [input.shared], (result) => {
      guest.loop.add(new StreamSink(result as SharedStream, { push: () => true }, "ready"));
    });
    guest.finish(done);
  }
  return allocationCount(guest.exports);
}

for (const [name, { dir, call }] of Object.entries(guests)) {
  test(`${name}: the binary cannot allocate, and a build that counts allocations counts none`, async () => {
    const source = join(packageRoot, dir);
    const built = await buildGuest({
      entry: join(source, `${name}.ts`),
      wit: join(source, `${name}.wit`),
      outDir: folder,
    });
    assert.equal(withAllocationCounter(readFileSync(built.corePath)), null);
    const guest = await prepareGuest({ entry: join(source, `${name}.ts`), wit: join(source, `${name}.wit`) });
    assert.equal(allocationsOf(await countable(guest), guest.world, call), 0);
  });
}

/** The guest with every allocation hook still a function of its own, under its name. */
async function countable(guest: PreparedGuest): Promise<Uint8Array> {
  return withModule(await linkGuest(guest, { optimized: false }), (module) => module.emitBinary());
}

test("a seeded allocation turns both red", async () => {
  const body =
    "const copy = new StaticArray<u32>(1); keep = changetype<usize>(copy); copy[0] = input.value; if (!output.writeOne(copy[0])) break;";
  const entry = writeGuest(
    folder,
    "seeded",
    doubleSource(body, "let keep: usize = 0;\nexport function kept(): usize { return keep; }"),
  );
  const guest = await prepareGuest({ entry, wit: doubleWit });
  const text = await linkGuest(guest);
  const violations = proveGuest(text, { knowsImport: () => true, needsRealloc: false });
  assert.ok(violations.some(({ rule }) => rule === "memory-grow" || rule === "allocator"));
  const core = await countable(guest);
  const counting = withAllocationCounter(core);
  assert.ok(counting, "the counting build has nothing to count");
  assert.ok(
    WebAssembly.Module.exports(new WebAssembly.Module(counting.bytes as Uint8Array<ArrayBuffer>)).some(
      ({ name }) => name === ALLOCATIONS_EXPORT,
    ),
  );
  assert.equal(allocationsOf(core, guest.world, "my:test/i#double") >= 2 * ITEMS, true);
});
