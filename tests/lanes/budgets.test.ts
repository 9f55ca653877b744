import assert from "node:assert/strict";
import { test } from "node:test";
import { allLanes, lanesOfTheNight } from "../../dev/lanes/lanes.js";

/** Of a whole run on two cores, on each of which a lane runs. */
const MINUTES = 30;
const AT_A_TIME = 2;

test("all lanes together may take half an hour on two cores", () => {
  const minutes = allLanes().reduce((sum, lane) => sum + lane.minutes, 0) / AT_A_TIME;
  assert.ok(minutes <= MINUTES, `${minutes} minutes`);
});

test("what tries more at night has hours for it", () => {
  const night = lanesOfTheNight();
  assert.deepEqual(night.map(({ name }) => name).sort(), [
    "bindgen",
    "bindings-mutants",
    "boards",
    "c-bindings",
    "c-mutants",
    "gate",
    "judge",
    "mutants",
    "native",
    "pass-mutants",
    "pipes",
    "report",
    "wamr",
  ]);
  assert.ok(night.every(({ minutes }) => minutes >= 60));
});
