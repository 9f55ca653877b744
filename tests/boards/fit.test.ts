/** `rill fit`: the same numbers as the board then uses, and no for guests that do not fit. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Fit } from "../../tools/boards/fit.js";
import { findBoard } from "../../tools/pack/board-table.js";
import { packageRoot } from "../../tools/package-root.js";
import { rill } from "../rill.js";
import { runImages } from "./board-runs.js";
import { core, image } from "./guests.js";

const board = findBoard("lm3s811evb");
const cores = { double: await core("double"), ecg: await core("ecg") };

test("two guests that fit: the board uses just that", async () => {
  const { code, stdout, stderr } = rill("fit", "--board", board.name, cores.double, cores.ecg, "--json");
  assert.equal(code, 0, stderr);
  const { fits, ram, flash, images, guests } = JSON.parse(stdout) as Fit;
  assert.equal(fits, true);
  const packed = [await image("double"), await image("ecg")];
  const report = await runImages(board, packed, new Uint8Array(800));
  assert.deepEqual(report.errors, []);
  const peak = Math.max(...report.ends.map(({ counts }) => counts.peak!));
  assert.equal(Math.max(...guests.map(({ pool_bytes: pool }) => pool)), peak);
  const [first] = report.ends;
  assert.equal(guests[0]!.pool_bytes, first!.counts.peak, "the first guest's own");
  assert.deepEqual(ram, {
    available: board.ram.length,
    used: board.ram.length - report.banner.pool! + peak,
  });
  assert.deepEqual(
    guests.map(({ address }) => address),
    report.readyAt,
  );
  assert.deepEqual(
    guests.map(({ image_bytes: bytes }) => bytes),
    packed.map(({ length }) => length),
  );
  assert.equal(images.used, report.readyAt[1]! - board.images.start + packed[1]!.length);
  assert.ok(flash.used > images.used && flash.used <= flash.available);
});

test("docs/report.md shows what the command prints, numbers apart", () => {
  const page = readFileSync(join(packageRoot, "docs", "report.md"), "utf8");
  const [, shown] = /```\n(lm3s811evb: fits\n[^`]*)```/.exec(page)!;
  const shape = (text: string): string =>
    text
      .replaceAll(/[█░]+/g, "|")
      .replaceAll(/\s+/g, " ")
      .replaceAll(/[\d,]*\d/g, "0");
  assert.equal(shape(shown!), shape(rill("fit", "--board", board.name, cores.double, cores.ecg).stdout));
});

test("guests that do not fit: exit 1, with how much is too much", () => {
  const many = Array.from({ length: 4 }, () => cores.ecg);
  const { code, stdout, stderr } = rill("fit", "--board", board.name, ...many);
  assert.equal(code, 1);
  assert.match(stdout, /^lm3s811evb: does not fit$/m);
  assert.match(stdout, /^ {2}images █+ [\d,]+ of 4,096 B, [\d,]+ too many$/m);
  assert.match(stderr, /these guests do not fit lm3s811evb\n {2}images in flash: \d+ bytes too many/);
});

test("the report has it too, in every form", () => {
  const { stdout } = rill("report", cores.double, "--board", board.name);
  assert.match(stdout, /^lm3s811evb: fits\n {2}RAM .* left$/m);
  assert.match(
    rill("report", cores.double, "--board", board.name, "--markdown").stdout,
    /\*\*Fits\*\* `lm3s811evb`/,
  );
});

test("a board that there is not, and a file that is no guest: exit 2", () => {
  assert.match(rill("fit", "--board", "mega", cores.double).stderr, /unknown board mega; the boards are/);
  const { code, stderr } = rill("fit", "--board", board.name, join(packageRoot, "package.json"));
  assert.equal(code, 2, stderr);
});
