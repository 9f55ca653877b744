/** The board without an interpreter: what `rill flash` and `rill pack` do for it, and what they refuse. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { boardGuest } from "../../tools/native/board-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { type EmulatedBoard, findBoard, NATIVE_BOARDS } from "../../tools/pack/board-table.js";
import { moduleWorld } from "../../tools/wit/module-world.js";
import { type Served, servedRill } from "../served-rill.js";
import { core, handMadeCore } from "../boards/guests.js";

const folder = mkdtempSync(join(tmpdir(), "rill-uno-"));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const rill = (...args: readonly string[]): Promise<Served> => servedRill(args);

test("rill flash --board uno --native: from file to file", async () => {
  const [input, output] = [join(folder, "in.jsonl"), join(folder, "out.jsonl")];
  writeFileSync(input, "1\n2\n4294967295\n");
  const flags = ["--board", "uno", "--native", "--in", `x=${input}`, "--out", output];
  const done = await rill("flash", await core("double"), ...flags);
  assert.equal(done.code, 0, done.output);
  assert.match(done.output, /^uno: 3 items in, 3 out, \d+ bytes of native stack$/m);
  assert.equal(readFileSync(output, "utf8"), "2\n4\n4294967294\n");
});

test("two guests that go back to the firmware, on one stack", async () => {
  const double = join(packageRoot, "tests", "guests", "double", "double");
  const guest = { entry: `${double}.ts`, wit: `${double}.wit`, outDir: folder, wait: "callback" } as const;
  const { corePath } = await buildGuest(guest);
  const [input, output] = [join(folder, "row.jsonl"), join(folder, "rows.jsonl")];
  writeFileSync(input, "1\n2\n4294967295\n");
  const flags = ["--board", "uno", "--native", "--in", `x=${input}`, "--out", output];
  const done = await rill("flash", corePath, "--then", corePath, ...flags);
  assert.equal(done.code, 0, done.output);
  assert.equal(readFileSync(output, "utf8"), "4\n8\n4294967292\n");
});

for (const [what, args] of [
  ["rill flash without --native", (guest: string) => ["flash", guest, "--board", "uno"]],
  ["rill flash --with", (guest: string) => ["flash", guest, "--board", "uno", "--with", "openocd"]],
  [
    "rill pack",
    (guest: string) => ["pack", guest, "--board", "uno", "--format", "bin", "-o", join(folder, "uno.bin")],
  ],
  ["rill fit", (guest: string) => ["fit", guest, "--board", "uno"]],
] as const) {
  test(`${what} for uno: refused with the command that does it`, async () => {
    const done = await rill(...args(await core("double")));
    assert.equal(done.code, 2, done.output);
    assert.match(done.output, /uno has no room for an interpreter.*rill flash --board uno --native/);
  });
}

test("a guest that computes with f64 is refused for uno alone", async () => {
  const guest = await handMadeCore(
    "(i32.trunc_sat_f64_s (f64.mul (f64.convert_i32_u (local.get $in)) (f64.const 1.5)))",
  );
  const world = moduleWorld("guest", guest)!;
  const translate = (board: EmulatedBoard): Promise<unknown> =>
    boardGuest("guest.core.wasm", guest, world, "my:test/i#double", board);
  await assert.rejects(
    translate(NATIVE_BOARDS[0]!),
    /guest\.core\.wasm computes with f64, which .* uno does not have/,
  );
  await assert.doesNotReject(translate(findBoard("microbit")));
});
