/** `rill fit A --then B`: whether a row fits a board, as images and as C. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Fit } from "../../tools/boards/fit.js";
import type { NativeFit } from "../../tools/boards/fit-native.js";
import { findBoard } from "../../tools/pack/board-table.js";
import { rill } from "../rill.js";
import { type RowGuests, rowGuests } from "./row-guests.js";

const folder = mkdtempSync(join(tmpdir(), "rill-row-fit-"));
let cores: RowGuests;

before(async () => {
  cores = await rowGuests(folder);
  writeFileSync(join(folder, "x.csv"), "value\n1\n2\n");
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("a row of images that fits takes what it takes when it runs", () => {
  const row = [cores.callback, "--then", cores.callback, "--board", "microbit", "--json"];
  const { code, stdout, stderr } = rill("fit", ...row);
  assert.equal(code, 0, stderr);
  const { fits, ram, images, guests } = JSON.parse(stdout) as Fit;
  const ran = rill("flash", ...row, "--in", `1.x=${join(folder, "x.csv")}`, "--out", join(folder, "out.csv"));
  const facts = JSON.parse(ran.stdout) as { pool_bytes: number; free_pool_bytes: number };
  assert.equal(fits, true);
  assert.equal(ram.available - ram.used, facts.free_pool_bytes);
  assert.deepEqual(
    guests.map(({ address }) => address - findBoard("microbit").images.start),
    [0, 1024],
  );
  assert.equal(images.used, 1024 + guests[1]!.image_bytes);
});

test("a row of images that is too large: exit 1, with how much is too much", () => {
  const more = Array.from({ length: 4 }, () => ["--then", cores.callback]).flat();
  const { code, stdout, stderr } = rill("fit", cores.callback, ...more, "--board", "microbit");
  assert.equal(code, 1);
  assert.match(stdout, /In a row all live at once/);
  assert.match(stderr, /do not fit microbit\n {2}RAM: \d+ bytes too many/);
});

test("a row with values and functions, whose first guest is fed nothing", () => {
  const { code, stdout, stderr } = rill(
    ...["fit", cores.numbers, "--call", "test:row/numbers#gen", "--board", "microbit"],
    ...["--then", `${cores.values}#test:row-more/values#asked`, "--in", "plus=3"],
  );
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^microbit: fits$/m);
});

test("a row as C: the stack covers what a run takes, and is not twice as much as a board has", () => {
  const row = [cores.callback, "--then", cores.callback, "--board", "lm3s811evb", "--native", "--json"];
  const { code, stdout, stderr } = rill("fit", ...row);
  assert.equal(code, 0, stderr);
  const { guests } = JSON.parse(stdout) as NativeFit;
  const ran = rill("flash", ...row, "--in", `1.x=${join(folder, "x.csv")}`, "--out", join(folder, "out.csv"));
  const { stack_bytes: taken } = JSON.parse(ran.stdout) as { stack_bytes: number };
  assert.ok(guests[0]!.stack_bytes! >= taken, `${guests[0]!.stack_bytes} stated, ${taken} taken`);
  assert.ok(guests[0]!.stack_bytes! <= findBoard("lm3s811evb").stack);
});

test("one message for what is no row", () => {
  const fit = (...args: string[]): string => rill("fit", "--board", "microbit", ...args).stderr;
  assert.match(
    fit(cores.callback, "--in", "n=1"),
    /--in is for guests in a row: give the others with --then/,
  );
  assert.match(
    fit(cores.callback, cores.callback, "--then", cores.callback),
    /one guest stands in front, and here are 2/,
  );
  assert.match(
    fit(cores.callback, "--then", `${cores.numbers}#test:row/numbers#floats`),
    /answers with a stream<u32>, and x is a stream<f32>; the two have to be equal/,
  );
  const sum = `${cores.numbers}#test:row/numbers#sum`;
  assert.match(fit(cores.callback, "--then", sum), /the result of sum is not a stream of items/);
});
