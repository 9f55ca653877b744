/** The real guests on every board: over the serial line, byte for byte what V8 answers. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { moreForBlocks } from "../../tools/pack/block-cache.js";
import { BOARDS } from "../../tools/pack/board-table.js";
import { packageRoot } from "../../tools/package-root.js";
import { boardsByDay, onV8, runImages } from "./board-runs.js";
import { core, image, readings, type RealGuest, words } from "./guests.js";

/** Thirty seconds of the recording; the whole of it takes a minute a board. */
const SAMPLES = 10_800;
const recording = (): Buffer =>
  readFileSync(join(packageRoot, "examples/ecg/data/ecg-mitdb-208-360hz.u16le")).subarray(0, 2 * SAMPLES);

const inputs: Record<
  Exclude<RealGuest, "sum">,
  { readonly parameter: string; readonly items: () => Buffer }
> = {
  double: { parameter: "x", items: () => words(Array.from({ length: 1000 }, (_, i) => i * 40_503)) },
  ecg: { parameter: "samples", items: recording },
  imu: { parameter: "readings", items: () => readings(200) },
};

const guests = ["double", "ecg", "imu"] as const;

for (const board of BOARDS) {
  for (const guest of boardsByDay.includes(board) ? guests : guests.slice(0, 1)) {
    test(`${guest} on ${board.name} answers what V8 answers`, async () => {
      const { parameter, items } = inputs[guest];
      const path = await core(guest);
      const expected = onV8(path, { [parameter]: items() });
      const bytes = await image(guest, { board: board.name });
      const report = await runImages(board, [bytes], items());
      assert.deepEqual(report.errors, []);
      assert.equal(report.ends[0]?.counts.in, items().length / { double: 4, ecg: 2, imu: 32 }[guest]);
      assert.ok(
        report.ends[0]!.counts.peak! <= 8 * bytes.readUInt16LE(40) + moreForBlocks(board.blockCache),
        "more pool than the header states",
      );
      assert.ok(expected.length > 0);
      assert.ok(Buffer.from(report.outputs.get("0:01") ?? []).equals(expected), "the items differ");
    });
  }

  test(`ecg on ${board.name} at its rate: the timer feeds 360 samples a second and the core sleeps between`, async () => {
    const items = recording().subarray(0, 2 * 3600);
    const expected = onV8(await core("ecg"), { samples: items });
    const report = await runImages(board, [await image("ecg")], items, { rate: 360 });
    assert.deepEqual(report.errors, []);
    assert.ok(Buffer.from(report.outputs.get("0:01") ?? []).equals(expected), "the items differ");
    const { ticks, dropped } = report.ends[0]!.counts;
    assert.ok(ticks! >= 3600, `${ticks} ticks for 3600 samples`);
    assert.equal(dropped, 0);
  });
}
