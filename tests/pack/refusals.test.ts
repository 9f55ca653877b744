/** What `rill pack` and `rill flash` refuse: one clear message, nothing half-written. */
import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { run } from "../../tools/setup/run.js";
import { core, handMadeCore } from "../boards/guests.js";

let folder: string;
let double: string;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-refuse-"));
  double = await core("double");
});
after(() => {
  rmSync(folder, { recursive: true });
});

function rill(...args: string[]): Promise<{ code: number | null; output: string }> {
  return run(process.execPath, [join(packageRoot, "bin", "rill.js"), ...args]);
}

async function refused(args: readonly string[], message: RegExp, code = 2): Promise<void> {
  const done = await rill(...args);
  assert.equal(done.code, code, done.output);
  assert.match(done.output, message);
  assert.equal(done.output.trim().split("\n").length, 1, done.output);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith("out")),
    [],
  );
}

test("a file that is not there, no module, a component's neighbour", async () => {
  const text = join(folder, "text.wasm");
  writeFileSync(text, "no module");
  const out = join(folder, "out.bin");
  await refused(["pack", join(folder, "none.wasm"), "--format", "bin", "-o", out], /no such file/);
  await refused(["pack", text, "--format", "bin", "-o", out], /no WebAssembly module/);
});

test("a module that ends too early, and one without its types", async () => {
  const bytes = readFileSync(double);
  const torn = join(folder, "torn.wasm");
  writeFileSync(torn, bytes.subarray(0, bytes.length - 40));
  const bare = join(folder, "bare.wasm");
  writeFileSync(bare, Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
  const fill = join(folder, "fill.wasm");
  writeFileSync(
    fill,
    await handMadeCore("(memory.fill (i32.const 0) (i32.const 1) (local.get $in)) (i32.const 0)"),
  );
  await refused(["pack", fill, "--format", "bin", "-o", join(folder, "out.bin")], /uses memory\.fill/, 1);
  await refused(
    ["pack", torn, "--format", "bin", "-o", join(folder, "out.bin")],
    /not a valid WebAssembly module/,
  );
  await refused(
    ["pack", bare, "--format", "bin", "-o", join(folder, "out.bin")],
    /no component-type section/,
  );
});

test("a guest whose items hold strings: where no interpreter is, and on a board that has no room for it", async () => {
  const { corePath } = await buildGuest({
    entry: join(packageRoot, "examples", "names", "names.ts"),
    wit: join(packageRoot, "examples", "names", "names.wit"),
    outDir: folder,
  });
  const image = ["--format", "bin", "-o", join(folder, "out.bin")];
  const noRoom =
    /names has items with strings or lists in streams of rill:names\/labels#label, and the firmware of lm3s811evb/;
  await refused(["pack", corePath, ...image, "--board", "lm3s811evb"], noRoom);
  writeFileSync(join(folder, "names.jsonl"), '"a"\n');
  const items = ["--in", `x=${join(folder, "names.jsonl")}`, "--out", join(folder, "out.jsonl")];
  const plain =
    /label has items with strings or lists: a firmware without an interpreter feeds and reads only plain items/;
  await refused(["flash", corePath, "--board", "netduinoplus2", "--native", ...items], plain);
});

test("functions that need what a board's host has not: resources, and nobody is sent to another host", async () => {
  const [entry, wit] = ["ts", "wit"].map((ending) =>
    join(packageRoot, "tests", "guests", "counters", `counters.${ending}`),
  );
  const { corePath } = await buildGuest({ entry: entry!, wit: wit!, outDir: join(folder, "counters") });
  const pack = (call: string): string[] => [
    ...["pack", corePath, "--format", "bin", "-o", join(folder, "out.bin"), "--call", call],
  ];
  await refused(
    pack("test:counters/made#[method]counter.fill"),
    /belongs to a resource: a board starts only functions/,
  );
  await refused(
    [...pack("test:counters/made#alive"), "--held-ends", "3"],
    /--held-ends: the guest passes no streams/,
  );
  await refused(
    [...pack("test:counters/made#stretch"), "--held-ends", "65"],
    /whole number of ends, from 1 to 64/,
  );
});

test("a guest that waits through a callback", async () => {
  const sources = ["tests/guests/double/double.ts", "tests/guests/double/double.wit"];
  const [entry, wit] = sources.map((path) => join(packageRoot, path));
  const outDir = join(folder, "callback");
  const { corePath } = await buildGuest({ entry: entry!, wit: wit!, outDir, wait: "callback" });
  const out = join(folder, "out.bin");
  await refused(
    ["pack", corePath, "--format", "native-image", "--cpu", "cortex-m3", "--address", "0x38000", "-o", out],
    /double waits by returning to its host.*build it with --wait wait/,
  );
  const message = /double waits by returning to its host \(rill build --wait wait.*lm3s811evb/;
  await refused(["pack", corePath, "--format", "bin", "--board", "lm3s811evb", "-o", out], message);
  writeFileSync(join(folder, "one.jsonl"), "1\n");
  const items = ["--in", `x=${join(folder, "one.jsonl")}`, "--out", join(folder, "out.jsonl")];
  await refused(["flash", corePath, "--board", "lm3s811evb", ...items], message);
});

test("formats that need an address, unknown formats, boards, families, addresses, names", async () => {
  const out = join(folder, "out.hex");
  await refused(["pack", double, "--format", "hex", "-o", out], /--address/);
  await refused(["pack", double, "--format", "elf", "-o", out], /bin, c, hex, uf2/);
  await refused(
    ["pack", double, "--format", "hex", "--board", "duo", "-o", out],
    /unknown board duo.*microbit.*uno/,
  );
  await refused(["pack", double, "--format", "hex", "--address", "0x3", "-o", out], /multiple of 4/);
  await refused(
    ["pack", double, "--format", "uf2", "--address", "0", "--family", "XYZ", "-o", out],
    /family/,
  );
  await refused(
    ["pack", double, "--format", "bin", "--name", "much too long", "-o", out],
    /cannot name an image/,
  );
  await refused(
    ["pack", double, "--format", "bin", "--call", "my:test/i#treble", "-o", out],
    /my:test\/i#double/,
  );
});

test("flags that would change nothing, sections and addresses that no file can hold", async () => {
  const out = join(folder, "out.uf2");
  const pack = (format: string, ...args: string[]): string[] => [
    ...["pack", double, "--format", format, ...args, "-o", out],
  ];
  await refused(pack("bin", "--section", ".guests"), /--section goes with --format c/);
  await refused(pack("hex", "--address", "0x400", "--family", "RP2040"), /--family goes with --format uf2/);
  await refused(pack("c", "--section", 'a"b'), /--section a"b: a section's name/);
  await refused(pack("uf2", "--address", "0x10040004"), /multiples of 256/);
  for (const format of ["hex", "uf2", "bin"])
    await refused(pack(format, "--address", "0xffffff00"), /421 bytes ends beyond the last address/);
});

test("a folder as the module, an output that cannot be written: nothing stays behind", async () => {
  await refused(["pack", folder, "--format", "bin", "-o", join(folder, "out.bin")], /it is a folder/);
  const missing = join(folder, "none", "out.bin");
  await refused(
    ["pack", double, "--format", "bin", "-o", missing],
    /out\.bin: cannot be written: no such file/,
  );
  const before = readdirSync(dirname(folder)).filter((name) => name.startsWith(basename(folder)));
  await refused(["pack", double, "--format", "bin", "-o", folder], /cannot be written: it is a folder/);
  const after = readdirSync(dirname(folder)).filter((name) => name.startsWith(basename(folder)));
  assert.deepEqual(after, before);
});

test("flash: flags of emulated boards on real ones, and the other way round", async () => {
  const flash = ["flash", double, "--board", "microbit"];
  const items = ["--in", "x=items.jsonl"];
  await refused([...flash, "--with", "uf2", "--drive", folder, ...items], /--in is for emulated boards/);
  await refused([...flash, "--with", "probe-rs", "--out", "out.csv"], /--out is for emulated boards/);
  await refused([...flash, "--firmware", ...items], /--firmware is for real boards: .*--with probe-rs/);
  await refused([...flash, "--dry-run", ...items], /--dry-run is for real boards/);
  await refused([...flash, "--limit", "few", ...items], /--limit: write a whole number/);
  await refused([...flash, "--timeout", "0", ...items], /--timeout 0: a whole number from 1/);
});

test("flash: an unknown board asks for a tool, a missing tool says what to type, the command comes first", async () => {
  await refused(["flash", double, "--board", "nucleo"], /--with probe-rs, openocd, esptool, uf2/);
  await refused(["flash", double, "--board", "nucleo", "--with", "gdb"], /probe-rs, openocd/);
  await refused(["flash", double, "--board", "nucleo", "--with", "probe-rs"], /--address/);
  await refused(["flash", double, "--board", "lm3s811evb"], /--in x=FILE/);
  const missing = await run(
    process.execPath,
    [join(packageRoot, "bin", "rill.js"), "flash", double, "--board", "microbit", "--with", "probe-rs"],
    { env: { PATH: "" } },
  );
  assert.equal(missing.code, 2, missing.output);
  const [shown, told] = missing.output.trim().split("\n");
  assert.match(shown!, /^\$ probe-rs download --chip nRF51822_xxAA --binary-format hex .*guest\.hex$/);
  assert.match(told!, /probe-rs is not installed, so nothing was written; see https:\/\/probe\.rs/);
});

test("flash --dry-run shows each tool's command", async () => {
  const shown = async (...args: string[]): Promise<string> =>
    (await rill("flash", double, "--board", "microbit", "--dry-run", ...args)).output.trim();
  assert.match(
    await shown("--with", "openocd"),
    /^\$ openocd -f .* -f target\/nrf51\.cfg -c 'program .*guest\.hex verify reset exit'$/,
  );
  assert.match(
    await shown("--with", "openocd", "--interface", "interface/jlink.cfg"),
    /^\$ openocd -f interface\/jlink\.cfg -f target\/nrf51\.cfg -c /,
  );
  const hifive1 = ["flash", double, "--board", "hifive1", "--dry-run", "--with", "openocd"];
  assert.match((await rill(...hifive1)).output, /^\$ openocd -f board\/sifive-hifive1\.cfg -c /);
  await refused([...hifive1, "--interface", "interface/jlink.cfg"], /names its probe, too; give --chip/);
  assert.match(
    await shown("--with", "esptool", "--address", "0x110000"),
    /^\$ esptool\.py --chip auto write_flash 0x110000 .*guest\.bin$/,
  );
  assert.match(
    await shown("--with", "uf2", "--drive", "/media/board"),
    /^\$ cp .*guest\.uf2 \/media\/board\/guest\.uf2$/,
  );
});

test("flash --with uf2 writes the file onto the drive", async () => {
  const done = await rill(
    "flash",
    double,
    "--board",
    "pico",
    "--with",
    "uf2",
    "--drive",
    folder,
    "--address",
    "0x10040000",
    "--family",
    "RP2040",
  );
  assert.equal(done.code, 0, done.output);
  const packed = join(folder, "packed.uf2");
  const place = ["--address", "0x10040000", "--family", "RP2040"];
  const { code } = await rill("pack", double, "--format", "uf2", ...place, "-o", packed);
  assert.equal(code, 0);
  assert.deepEqual(readFileSync(join(folder, "guest.uf2")), readFileSync(packed));
});

test("flash --with uf2: the drive takes nothing", async () => {
  const drive = join(folder, "full");
  mkdirSync(drive);
  symlinkSync("/dev/full", join(drive, "guest.uf2"));
  const flags = ["--with", "uf2", "--drive", drive, "--address", "0x10040000"];
  const done = await rill("flash", double, "--board", "pico", ...flags);
  assert.equal(done.code, 1, done.output);
  assert.match(done.output, /cp ended with 1/);
});

test("a pool that the guest does not fit into, with the number that it needs", async () => {
  const needs = JSON.parse(
    (await rill("pack", double, "--format", "bin", "-o", join(folder, "fits.bin"), "--json")).output,
  ) as { needs: { pool_bytes: number } };
  const least = needs.needs.pool_bytes;
  const pack = (pool: number): readonly string[] => [
    "pack",
    double,
    "--format",
    "bin",
    "-o",
    join(folder, "out.bin"),
    "--pool",
    String(pool),
  ];
  for (const pool of [1, 3, least - 8, least - 1]) {
    await refused(pack(pool), new RegExp(`--pool ${pool}: the guest needs ${least}\\b`));
  }
  for (const pool of [least, least + 1000]) {
    const done = await rill(...pack(pool));
    assert.equal(done.code, 0, done.output);
    assert.equal(readFileSync(join(folder, "out.bin")).readUInt16LE(40), Math.ceil(pool / 8));
    rmSync(join(folder, "out.bin"));
  }
});
