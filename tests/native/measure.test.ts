/** What is said of a guest as C: `pack --cpu`, `report --device native`, `fit --native`. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { spawnSync } from "node:child_process";
import Ajv from "ajv/dist/2020.js";
import { fitNativeOn } from "../../tools/boards/fit-native.js";
import { measureNative } from "../../tools/native/measure/measure-native.js";
import { CPU_NAMES, findNativeCore } from "../../tools/native/measure/native-cores.js";
import { runPackNative } from "../../tools/native/pack-native.js";
import { packageRoot } from "../../tools/package-root.js";
import { findBoard, findEmulatedBoard } from "../../tools/pack/board-table.js";
import { reportSchema } from "../../tools/report/report-schema.js";
import { moduleWorld } from "../../tools/wit/module-world.js";
import { core } from "../boards/guests.js";
import { isLong } from "../tier.js";

const folder = mkdtempSync(join(tmpdir(), "rill-measure-native-"));
after(() => {
  rmSync(folder, { recursive: true });
});

function rill(...args: readonly string[]): {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  return spawnSync(process.execPath, [join(packageRoot, "bin", "rill.js"), ...args], { encoding: "utf8" });
}

for (const cpu of CPU_NAMES.filter((name) => isLong || name === "cortex-m3" || name === "atmega328p"))
  test(`double on ${cpu}: flash, RAM and a stack that is not open`, async () => {
    const path = await core("double");
    const bytes = readFileSync(path);
    const found = await measureNative(
      { source: path, core: bytes, world: moduleWorld(path, bytes)! },
      findNativeCore(cpu),
    );
    assert.ok(found.flash_bytes > 4000 && found.flash_bytes < 16_000, JSON.stringify(found));
    assert.ok(found.guest_flash_bytes > 200 && found.guest_flash_bytes < 1200, JSON.stringify(found));
    assert.ok(found.instance_bytes > 64 && found.instance_bytes < found.ram_bytes, JSON.stringify(found));
    assert.ok(found.stack_bytes! > 150 && found.stack_bytes! < 1000, JSON.stringify(found));
    assert.equal(found.counted_calls, null);
  });

test("NAME.h states what the report says, by any name of the core", async () => {
  const path = await core("double");
  const out = join(folder, "double-as-c");
  await runPackNative(path, { format: "native", output: out, cpu: "cortex-m3", json: true });
  const header = readFileSync(join(out, "double.h"), "utf8");
  const stated = /^#define DOUBLE_STACK_BYTES_CORTEX_M3 (\d+)u$/m.exec(header);
  assert.ok(stated, header);
  assert.match(header, /No function of the guest calls itself: its calls go \d+ deep at most/);
  const { status, stdout, stderr } = rill(
    "report",
    path,
    "--device",
    "native",
    "--cpu",
    "cortex-m3",
    "--json",
  );
  assert.equal(status, 0, stderr);
  const report = JSON.parse(stdout) as { native: { stack_bytes: number } };
  assert.equal(report.native.stack_bytes, Number(stated[1]));
  const validate = new Ajv.default({ strict: false }).compile(reportSchema);
  assert.ok(validate(report), JSON.stringify(validate.errors));
});

test("a core without native figures, and a core for WAMR, are refused", () => {
  const path = join(packageRoot, "package.json");
  const refused = rill("report", path, "--device", "classic", "--cpu", "cortex-m3");
  assert.deepEqual(
    [refused.status, /goes with --device native/.test(refused.stderr)],
    [2, true],
    refused.stderr,
  );
  assert.throws(() => findNativeCore("z80"), /--cpu z80: there are cortex-m0/);
});

test("guests on the board without an interpreter: the stack is bounded, and what is left of RAM is said", async () => {
  const board = findEmulatedBoard("uno");
  const { fits, ram, guests } = await fitNativeOn(board, [await core("double")]);
  assert.ok(fits && guests[0]!.stack_bytes! <= 350 && ram.used < board.ram.length);
  assert.equal(ram.available, 2048);
});

test("two guests in one firmware, and one that a board has no flash for", async () => {
  const cores = [await core("double"), await core("ecg")];
  const board = findBoard("lm3s811evb");
  const fit = await fitNativeOn(board, cores);
  assert.ok(fit.fits);
  assert.deepEqual(
    fit.guests.map(({ name, error }) => [name, error]),
    [
      ["double", null],
      ["ecg", null],
    ],
  );
  assert.ok(fit.ram.used > fit.guests[0]!.ram_bytes + fit.guests[1]!.ram_bytes + fit.guests[1]!.stack_bytes!);
  // Host and drivers are there once, both guests' code and instances as well.
  const [double] = fit.guests;
  const ecgAlone = await fitNativeOn(board, cores.slice(1));
  const more = fit.flash.used - ecgAlone.flash.used;
  assert.ok(more >= double!.flash_bytes && more < 2 * double!.flash_bytes, `${more} bytes of flash`);
  assert.ok(fit.ram.used - ecgAlone.ram.used >= double!.ram_bytes);
  const small = await fitNativeOn({ ...board, flash: { start: 0, length: 14 * 1024 } }, cores);
  assert.ok(!small.fits && small.flash.used > small.flash.available);
});
