/**
 * The recording is one heart; these tests show that the detector is not fitted to it: the same recording
 * louder, quieter, upside down, drifting, noisy or begun elsewhere keeps its beats. The threshold is the one
 * for the recording itself; for a part of it, where XQRS may leave out more beats, the measure is how far two
 * well-known detectors are from each other.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { matchBeats } from "../../dev/start/match-beats.js";
import { Detector, compileDetector } from "./detector.js";
import { TOLERANCE, readReferenceBeats, readSamples } from "../../dev/start/recording.js";

const LEAST_F1 = 0.93;
const COUNTS_PER_MILLIVOLT = 200;
const ZERO = 1024;

const samples = readSamples();
const referenceBeats = readReferenceBeats();
let module: WebAssembly.Module;
before(async () => {
  module = await compileDetector();
});

/** What happens to one sample, as a function of its count and its index. */
type Change = (count: number, index: number) => number;

const scaled =
  (factor: number): Change =>
  (count) =>
    ZERO * Math.max(1, factor) + (count - ZERO) * factor;
const wave =
  (hertz: number, millivolts: number): Change =>
  (count, index) =>
    count + 1000 + COUNTS_PER_MILLIVOLT * millivolts * Math.sin((2 * Math.PI * hertz * index) / 360);

/** Gaussian noise from a seeded generator: the sum of twelve uniform numbers. */
function noise(millivolts: number, seed: number): Change {
  let state = seed;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return (count) => {
    let sum = -6;
    for (let n = 0; n < 12; n++) sum += uniform();
    return count + COUNTS_PER_MILLIVOLT * millivolts * sum;
  };
}

const changes: readonly (readonly [string, Change])[] = [
  ["a quarter of its height", scaled(0.25)],
  ["half its height", scaled(0.5)],
  ["1.5 times its height", scaled(1.5)],
  ["10 times its height", scaled(10)],
  ["upside down", (count) => 2 * ZERO - count],
  ["a baseline drifting by 2 mV with the breath", wave(0.3, 2)],
  ["a baseline rising by 5 mV a minute", (count, index) => count + (1000 * index) / 21600],
  ["a baseline jumping by 1 mV every 10 s", (count, index) => count + 200 * (Math.floor(index / 3600) % 2)],
  ["noise of 0.05 mV", noise(0.05, 7)],
  ["noise of 0.1 mV", noise(0.1, 7)],
  ["noise of 0.2 mV", noise(0.2, 7)],
  ["mains hum of 50 Hz, 0.3 mV", wave(50, 0.3)],
  ["mains hum of 60 Hz, 0.3 mV", wave(60, 0.3)],
];

for (const [name, change] of changes) {
  test(`with ${name}, F1 stays above ${LEAST_F1}`, (context) => {
    const changed = samples.map((count, index) => clamp(change(count, index)));
    check(changed, context);
  });
}

for (const start of [50, 130, 777, 1234, 5000, 15000, 20000, 33333, 50000]) {
  test(`begun at sample ${start}, it stays nearer to XQRS and GQRS than they are to each other`, (context) => {
    const found = new Detector(module).feed(samples.subarray(start)).map((beat) => beat.at + start);
    const [xqrs, gqrs] = [referenceBeats.xqrs, referenceBeats.gqrs].map((list) =>
      list.filter((at) => at >= start),
    );
    const between = matchBeats(xqrs!, gqrs!, TOLERANCE).f1;
    const f1s = [xqrs!, gqrs!].map((reference) => matchBeats(reference, found, TOLERANCE).f1);
    context.diagnostic(
      `F1 ${f1s.map((f1) => f1.toFixed(3)).join(" and ")}; between them ${between.toFixed(3)}`,
    );
    assert.ok(Math.min(...f1s) > between);
  });
}

function check(input: Uint16Array, context: { diagnostic(message: string): void }): void {
  const found = new Detector(module).feed(input).map((beat) => beat.at);
  const agreement = matchBeats(referenceBeats.xqrs, found, TOLERANCE);
  context.diagnostic(`F1 ${agreement.f1.toFixed(3)}`);
  assert.ok(agreement.f1 >= LEAST_F1, JSON.stringify(agreement));
}

function clamp(count: number): number {
  return Math.max(0, Math.min(65535, Math.round(count)));
}
