// Streams samples through the guest, and makes the image that goes into flash.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";

function rill(...args) {
  execFileSync("rill", args, { shell: process.platform === "win32" });
}

test("one event for each stay outside the band", () => {
  rill("run", "build/my-guest.core.wasm", "--in", "samples=data/samples.csv", "--out", "build/events.csv");
  const events = readFileSync("build/events.csv", "utf8").trim().split("\n").slice(1);
  assert.deepEqual(events, ["2,high,610", "5,low,390"]);
});

test("it packs into an image for flash", () => {
  rill("pack", "build/my-guest.core.wasm", "--format", "c", "--name", "guest", "-o", "build/guest_image.c");
  assert.match(readFileSync("build/guest_image.c", "utf8"), /guest_image/);
});
