// Streams samples from a file through the guest and compares what comes back.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";

function rill(...args) {
  execFileSync("rill", args, { shell: process.platform === "win32" });
}

test("each answer is the mean of a sample and the one before", () => {
  rill("run", "build/my-guest.core.wasm", "--in", "samples=data/samples.csv", "--out", "build/out.csv");
  const answers = readFileSync("build/out.csv", "utf8").trim().split("\n").slice(1).map(Number);
  assert.deepEqual(answers, [5, 15, 25, 30]);
});
