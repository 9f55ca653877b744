import assert from "node:assert/strict";
import { before, test } from "node:test";
import { matchBeats } from "../../dev/start/match-beats.js";
import type { Beat } from "../../dev/start/beat.js";
import { Detector, compileDetector } from "./detector.js";
import { TOLERANCE, readReferenceBeats, readSamples } from "../../dev/start/recording.js";

const samples = readSamples();
const referenceBeats = readReferenceBeats();
let module: WebAssembly.Module;
before(async () => {
  module = await compileDetector();
});

const detect = (input: Iterable<number>): Beat[] => new Detector(module).feed(input);
const places = (beats: readonly Beat[]): number[] => beats.map((beat) => beat.at);

test("it agrees with XQRS and with GQRS better than they do with each other", () => {
  const found = places(detect(samples));
  assert.equal(found.length, 472);
  const xqrs = matchBeats(referenceBeats.xqrs, found, TOLERANCE);
  assert.equal(xqrs.matched, 442);
  assert.equal(xqrs.f1.toFixed(4), "0.9567");
  assert.equal(xqrs.sensitivity.toFixed(4), "0.9779");
  assert.equal(xqrs.positivePredictivity.toFixed(4), "0.9364");
  const gqrs = matchBeats(referenceBeats.gqrs, found, TOLERANCE);
  assert.equal(gqrs.f1.toFixed(4), "0.9641");
  assert.equal(gqrs.positivePredictivity.toFixed(4), "0.9958");
  const betweenThem = matchBeats(referenceBeats.xqrs, referenceBeats.gqrs, TOLERANCE);
  assert.equal(betweenThem.f1.toFixed(4), "0.9194");
});

test("beats come in order, with the interval between them, and stand at the R peak", () => {
  const beats = detect(samples);
  assert.equal(beats[0]!.interval, 0);
  beats.slice(1).forEach((beat, index) => {
    assert.equal(beat.interval, beat.at - beats[index]!.at);
    assert.ok(beat.interval >= 72);
  });
  const offsets = beats.map(({ at }) => at - highest(at));
  const within = (length: number): number => offsets.filter((offset) => Math.abs(offset) <= length).length;
  assert.ok(within(2) > 0.97 * beats.length, `${within(2)} within 6 ms`);
});

/** Where the samples are highest within 75 ms of `at`. */
function highest(at: number): number {
  const from = Math.max(0, at - 27);
  const near = samples.subarray(from, at + 28);
  return from + near.indexOf(Math.max(...near));
}

test("nothing is found in a flat line, and nothing breaks at the ends of the range", () => {
  for (const level of [0, 1024, 65535]) {
    assert.deepEqual(detect(new Uint16Array(5000).fill(level)), []);
  }
  const square = Uint16Array.from({ length: 20000 }, (_, index) => (index % 300 < 20 ? 65535 : 0));
  const beats = detect(square);
  assert.ok(beats.length > 60);
  assert.ok(beats.every(({ height }) => height >= -32768 && height <= 32767));
});

test("height is positive for a beat that points up, negative for its mirror image", () => {
  const upright = detect(samples);
  const mirrored = detect(samples.map((count) => 2048 - count));
  assert.ok(upright.filter(({ height }) => height > 0).length > 0.95 * upright.length);
  assert.ok(mirrored.filter(({ height }) => height < 0).length > 0.95 * mirrored.length);
  assert.ok(matchBeats(places(upright), places(mirrored), 0).f1 > 0.98);
});

test("reset makes it start anew, whatever the filter still holds", () => {
  const detector = new Detector(module);
  const first = detector.feed(samples.subarray(0, 40000));
  detector.reset();
  assert.deepEqual(detector.feed(samples.subarray(0, 40000)), first);
});

test("a pause longer than an interval holds reads 65,535", () => {
  const part = samples.subarray(0, 3600);
  const silence = new Uint16Array(70000).fill(part.at(-1)!);
  const beats = detect([...part, ...silence, ...part]);
  assert.equal(Math.max(...beats.map(({ interval }) => interval)), 65535);
});

test("after an artefact of 100 times a beat's height it finds beats again within 10 seconds", () => {
  const disturbed = samples.slice(0, 20000);
  for (let index = 5000; index < 5020; index++) disturbed[index] = 60000;
  const found = places(detect(disturbed));
  const after = (beats: readonly number[]): number[] => beats.filter((at) => at > 8600 && at < 20000);
  const agreement = matchBeats(after(referenceBeats.xqrs), after(found), TOLERANCE);
  assert.ok(agreement.sensitivity > 0.9, JSON.stringify(agreement));
});
