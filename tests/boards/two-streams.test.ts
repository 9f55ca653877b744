/**
 * A guest of two stream parameters: the handles and rings that it needs are
 * there, or the board says that they are not.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { moreForBlocks } from "../../tools/pack/block-cache.js";
import { findBoard } from "../../tools/pack/board-table.js";
import { boardsByDay, onV8, runImages } from "./board-runs.js";
import { core, image, words } from "./guests.js";

const A = words(Array.from({ length: 300 }, (_, index) => index * 14_316_557));
const B = Buffer.from(Uint16Array.from({ length: 270 }, (_, index) => index * 241).buffer);

for (const board of boardsByDay.filter(({ name }) => name !== "lm3s811evb")) {
  test(`sum on ${board.name} answers what V8 answers`, async () => {
    const expected = onV8(await core("sum"), { a: A, b: B });
    assert.equal(expected.length, 8 * 270);
    const bytes = await image("sum");
    const report = await runImages(board, [bytes], (_, index) => (index === 0 ? A : B));
    assert.deepEqual(report.errors, []);
    assert.ok(
      report.ends[0]!.counts.peak! <= 8 * bytes.readUInt16LE(40) + moreForBlocks(board.blockCache),
      "more pool than the header states",
    );
    assert.ok(Buffer.from(report.outputs.get("0:02") ?? []).equals(expected), "the items differ");
  });

  test(`several live sums on ${board.name}, each with its own streams, twice`, async () => {
    const report = await runImages(
      board,
      [await image("sum")],
      (_, index) => (index % 3 === 0 ? words([index, 1]) : Buffer.from([2, 0, 3, 0])),
      { guests: 3 },
    );
    assert.deepEqual(report.errors, []);
    assert.equal(report.ends.length, 6);
    for (const guest of [0, 1, 2]) {
      const got = Buffer.from(report.outputs.get(`0:${(3 * guest + 2).toString(16).padStart(2, "0")}`) ?? []);
      const once = [BigInt(3 * guest + 2), 4n];
      assert.deepEqual(got, Buffer.from(BigUint64Array.from([...once, ...once]).buffer));
    }
  });
}

test("sum on lm3s811evb, whose firmware has one ring: refused with a code, and the next guest runs", async () => {
  const images = [await image("sum"), await image("double")];
  const report = await runImages(findBoard("lm3s811evb"), images, words([5]));
  assert.deepEqual(
    report.errors.map(({ code, word }) => ({ code, word })),
    [{ code: -70, word: "type" }],
  );
  assert.deepEqual(Buffer.from(report.outputs.get("0:01") ?? []), words([10]));
});
