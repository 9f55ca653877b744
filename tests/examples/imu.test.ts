import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { allocationCount, withAllocationCounter } from "../../tools/instrument/count-allocations.js";
import { Guest } from "../../tools/host/guest.js";
import type { CopyPolicy } from "../../tools/host/tasks/host-loop.js";
import { Items } from "../../tools/host/copies/items.js";
import type { SharedStream } from "../../tools/host/copies/shared-stream.js";
import { StreamSink } from "../../tools/host/copies/stream-sink.js";
import { sourceOf, StreamSource } from "../../tools/host/copies/stream-source.js";
import { packageRoot } from "../../tools/package-root.js";
import { decodeComponentType } from "../../tools/wit/component-type.js";
import type { ValueType } from "../../tools/wit/model.js";
import { type Reading, syntheticReadings } from "./imu-readings.js";

const outDir = mkdtempSync(join(tmpdir(), "rill-imu-"));
let core: Uint8Array<ArrayBuffer>;

before(async () => {
  const example = join(packageRoot, "examples", "imu");
  const built = await buildGuest({ entry: join(example, "imu.ts"), wit: join(example, "imu.wit"), outDir });
  core = Uint8Array.from(readFileSync(built.corePath));
});
after(() => {
  rmSync(outDir, { recursive: true });
});

function instantiate(): Guest {
  const module = new WebAssembly.Module(withAllocationCounter(core)?.bytes ?? core);
  return new Guest(module, decodeComponentType(core)!);
}

/** Calls the guest with `readings`. @returns what it answered */
function smooth(guest: Guest, readings: readonly Reading[], policy: CopyPolicy): Reading[] {
  const type = readingType(guest);
  const smoothed: Reading[] = [];
  const push = (items: Items): boolean => {
    smoothed.push(...(items.values() as readonly Reading[]));
    return true;
  };
  const input = guest.loop.add(new StreamSource(type, sourceOf(Items.fromValues(type, readings)), policy));
  const call = guest.start("rill:imu/filter#smooth", [input.shared], (result) => {
    guest.loop.add(new StreamSink(result as SharedStream, { push }, policy));
  });
  guest.finish(call);
  return smoothed;
}

function readingType(guest: Guest): ValueType {
  const parameter = guest.world.exports.interfaces[0]!.functions[0]!.params[0]!.type;
  if (parameter.kind !== "stream" || parameter.element === null) throw new Error("smooth takes a stream");
  return parameter.element;
}

/** The same filter in JavaScript, in 32-bit arithmetic as the guest's. */
function expected(readings: readonly Reading[]): Reading[] {
  const axes = Object.keys(readings[0]!).filter((key) => key !== "at") as Exclude<keyof Reading, "at">[];
  const average = new Map<string, number>();
  return readings.map((reading, index) => {
    const share = index === 0 ? 1 : 0.125;
    for (const axis of axes) {
      const before = average.get(axis) ?? 0;
      average.set(axis, Math.fround(before + Math.fround(Math.fround(reading[axis] - before) * share)));
    }
    return { at: reading.at, ...Object.fromEntries(average) } as Reading;
  });
}

for (const policy of ["ready", "blocking"] as const) {
  test(`every reading is answered by its average, to the bit, with a host that is ${policy}`, () => {
    const readings = syntheticReadings(1000, 1);
    assert.deepEqual(smooth(instantiate(), readings, policy), expected(readings));
  });

  test(`nothing is allocated with a host that is ${policy}`, () => {
    const guest = instantiate();
    smooth(guest, syntheticReadings(1000, 2), policy);
    assert.equal(allocationCount(guest.exports), 0);
    assert.equal(guest.memoryByteLength, 65536);
  });
}

test("a second call of the same guest starts its average anew", () => {
  const guest = instantiate();
  smooth(guest, syntheticReadings(100, 3), "ready");
  const readings = syntheticReadings(100, 4);
  assert.deepEqual(smooth(guest, readings, "ready"), expected(readings));
});

test("the readings are the same for the same seed, and walk", () => {
  assert.deepEqual(syntheticReadings(50, 4), syntheticReadings(50, 4));
  assert.notDeepEqual(syntheticReadings(50, 4), syntheticReadings(50, 5));
  const raw = syntheticReadings(400, 6).map((reading) => reading["acceleration-z"]);
  assert.ok(Math.max(...raw) > 12 && Math.min(...raw) < 8);
});
