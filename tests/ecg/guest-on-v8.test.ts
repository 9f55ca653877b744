import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { matchBeats } from "../../dev/start/match-beats.js";
import { moduleFigures } from "../../dev/start/module-figures.js";
import { silent } from "../../dev/start/progress.js";
import { readReferenceBeats, readSamples, TOLERANCE } from "../../dev/start/recording.js";
import type { EcgCounts, EcgRun } from "../../dev/start/stream-ecg.js";
import { streamOnV8 } from "../../dev/start/stream-on-v8.js";
import { compileDetector, Detector } from "./detector.js";

const samples = readSamples();
const outDir = mkdtempSync(join(tmpdir(), "rill-ecg-"));
let corePath: string;
let run: EcgRun & EcgCounts;

before(async () => {
  const example = join(packageRoot, "examples", "ecg");
  const built = await buildGuest({ entry: join(example, "ecg.ts"), wit: join(example, "ecg.wit"), outDir });
  corePath = built.corePath;
  run = streamOnV8({ corePath, samples, progress: silent });
});
after(() => {
  rmSync(outDir, { recursive: true });
});

test("the guest finds the beats that XQRS finds: F1 0.9567, at least 0.93", () => {
  const found = run.beats.map(({ at }) => at);
  const { f1, matched } = matchBeats(readReferenceBeats().xqrs, found, TOLERANCE);
  assert.ok(f1 >= 0.93);
  assert.equal(f1.toFixed(4), "0.9567");
  assert.equal(matched, 442);
  assert.equal(run.beats.length, 472);
});

test("streaming changes nothing: the guest's records are the detector's own", async () => {
  assert.deepEqual(run.beats, new Detector(await compileDetector()).feed(samples));
});

test("it allocates nothing, and its binary could not", async () => {
  assert.equal(run.allocations, 0);
  assert.equal((await moduleFigures(corePath)).cannotAllocate, true);
});

test("a host call a sample and one a beat, and few besides", () => {
  const besides = run.hostCalls - samples.length - run.beats.length;
  assert.ok(besides >= 0 && besides <= 10, `${besides} besides`);
});

test("an empty recording has no beats", () => {
  assert.deepEqual(streamOnV8({ corePath, samples: new Uint16Array(0), progress: silent }).beats, []);
});

test("progress is told for every sample", () => {
  const told: number[] = [];
  const progress = { update: (given: number) => told.push(given), stop: () => undefined };
  streamOnV8({ corePath, samples: samples.subarray(0, 1000), progress });
  assert.equal(told.length, 1000);
  assert.equal(told.at(-1), 1000);
});
