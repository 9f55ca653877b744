import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { matchBeats } from "../../dev/start/match-beats.js";

test("the same beats agree fully", () => {
  const agreement = matchBeats([10, 300, 620], [10, 300, 620], 27);
  assert.deepEqual(agreement, { matched: 3, sensitivity: 1, positivePredictivity: 1, f1: 1 });
});

test("a beat at the tolerance is a match, one beyond it is not", () => {
  assert.equal(matchBeats([100], [127], 27).matched, 1);
  assert.equal(matchBeats([100], [73], 27).matched, 1);
  assert.equal(matchBeats([100], [128], 27).matched, 0);
  assert.equal(matchBeats([100], [72], 27).matched, 0);
});

test("two found beats at one reference beat are one match and one false beat", () => {
  const agreement = matchBeats([100], [95, 105], 27);
  assert.equal(agreement.matched, 1);
  assert.equal(agreement.sensitivity, 1);
  assert.equal(agreement.positivePredictivity, 0.5);
});

test("the nearest pair goes first, even where another pairing would match more", () => {
  // 115 goes to 120; 100 could only have had 115, and 141 only 120.
  assert.equal(matchBeats([100, 120], [115, 141], 27).matched, 1);
  assert.equal(matchBeats([100, 112], [90, 110], 27).matched, 2);
});

test("the figures follow from the counts", () => {
  const agreement = matchBeats([100, 400, 700, 1000], [105, 395, 850], 27);
  assert.equal(agreement.matched, 2);
  assert.equal(agreement.sensitivity, 2 / 4);
  assert.equal(agreement.positivePredictivity, 2 / 3);
  assert.equal(agreement.f1, 4 / 7);
});

test("nothing against anything is no agreement, and no division by zero", () => {
  assert.deepEqual(matchBeats([], [], 27), { matched: 0, sensitivity: 0, positivePredictivity: 0, f1: 0 });
  assert.equal(matchBeats([1], [], 27).f1, 0);
  assert.equal(matchBeats([], [1], 27).f1, 0);
});

const beats = fc.uniqueArray(fc.nat(5000), { maxLength: 60 }).map((list) => list.sort((a, b) => a - b));

test("property: pairs are one-to-one and the measure is symmetric", () => {
  fc.assert(
    fc.property(beats, beats, fc.nat(50), (reference, found, tolerance) => {
      const forward = matchBeats(reference, found, tolerance);
      assert.ok(forward.matched <= Math.min(reference.length, found.length));
      assert.equal(matchBeats(reference, found, 5000).matched, Math.min(reference.length, found.length));
      const near = found.filter((at) => reference.some((other) => Math.abs(other - at) <= tolerance));
      assert.ok(forward.matched <= near.length);
      assert.equal(forward.matched === 0, near.length === 0);
    }),
  );
});
