import assert from "node:assert/strict";
import { test } from "node:test";
import type { Beat } from "../../dev/start/beat.js";
import { decodeBeats } from "../../dev/start/beat.js";
import { heartRateChart } from "../../dev/start/heart-rate-chart.js";
import { median, rateOf, ratesOverTime } from "../../dev/start/heart-rate.js";

const beat = (at: number, interval: number): Beat => ({ at, interval, height: 100 });

test("a beat's bytes are its record in canonical layout", () => {
  const bytes = Uint8Array.of(0x01, 0x02, 0x03, 0x04, 0x10, 0x00, 0xff, 0xff);
  assert.deepEqual(decodeBeats(bytes), [{ at: 0x04030201, interval: 16, height: -1 }]);
  assert.deepEqual(decodeBeats(new Uint8Array(0)), []);
});

test("an interval of 360 samples is 60 beats a minute", () => {
  assert.equal(rateOf(360), 60);
  assert.equal(rateOf(180), 120);
});

test("each part of the recording has the median of its rates", () => {
  const beats = [beat(0, 0), beat(100, 360), beat(200, 180), beat(300, 360), beat(600, 180)];
  assert.deepEqual(ratesOverTime(beats, 1000, 2), [60, 120]);
});

test("a part without beats keeps the rate before it, the first part the rate after it", () => {
  assert.deepEqual(ratesOverTime([beat(350, 360), beat(900, 180)], 1000, 5), [60, 60, 60, 60, 120]);
  assert.deepEqual(ratesOverTime([], 1000, 2), [0, 0]);
});

test("an interval above 1.5 seconds is no heart rate", () => {
  assert.deepEqual(ratesOverTime([beat(100, 360), beat(700, 541)], 1000, 2), [60, 60]);
  assert.deepEqual(ratesOverTime([beat(100, 360), beat(700, 540)], 1000, 2), [60, 40]);
});

test("median", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
});

test("the chart has round numbers at its side and minutes below", () => {
  const rates = [61, 61, 72, 88, 88, 88, 70, 70, 65, 65, 65, 65];
  const drawn = [
    "   90 ┤  ╭──╮",
    "   85 ┤  │  │",
    "   80 ┤  │  │",
    "   75 ┤  │  │",
    "   70 ┤ ╭╯  ╰─╮",
    "   65 ┤ │     ╰───",
    "   60 ┼─╯",
    "      └┴─────┴────┴",
    "       0 min 1    2",
  ];
  assert.equal(heartRateChart(rates, 2), drawn.join("\n"));
});
