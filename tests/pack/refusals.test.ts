/** What `rill pack` and `rill flash` refuse: one clear message, nothing half-written. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildGuest } from "../../tools/build/build-guest.js";
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
  await refused(["pack", torn, "--format", "bin", "-o", join(folder, "out.bin")], /not valid/);
  await refused(
    ["pack", bare, "--format", "bin", "-o", join(folder, "out.bin")],
    /no component-type section/,
  );
});

test("a guest whose items hold strings", async () => {
  const { corePath } = await buildGuest({
    entry: join(packageRoot, "examples", "names", "names.ts"),
    wit: join(packageRoot, "examples", "names", "names.wit"),
    outDir: folder,
  });
  const args = ["pack", corePath, "--format", "bin", "-o", join(folder, "out.bin")];
  await refused(args, /has items with strings, lists or handles: a board feeds and reads plain items alone/);
});

test("a guest that waits through a callback", async () => {
  const sources = ["tests/guests/double/double.ts", "tests/guests/double/double.wit"];
  const [entry, wit] = sources.map((path) => join(packageRoot, path));
  const outDir = join(folder, "callback");
  const { corePath } = await buildGuest({ entry: entry!, wit: wit!, outDir, wait: "callback" });
  const args = ["pack", corePath, "--format", "bin", "-o", join(folder, "out.bin")];
  await refused(args, /double waits by returning to its host.*build it with --wait wait/);
});

test("formats that need an address, unknown formats, boards, families, addresses, names", async () => {
  const out = join(folder, "out.hex");
  await refused(["pack", double, "--format", "hex", "-o", out], /--address/);
  await refused(["pack", double, "--format", "elf", "-o", out], /bin, c, hex, uf2/);
  await refused(
    ["pack", double, "--format", "hex", "--board", "uno", "-o", out],
    /no board is called uno.*microbit/,
  );
  await refused(["pack", double, "--format", "hex", "--address", "0x3", "-o", out], /multiple of 4/);
  await refused(
    ["pack", double, "--format", "uf2", "--address", "0", "--family", "XYZ", "-o", out],
    /family/,
  );
  await refused(
    ["pack", double, "--format", "bin", "--name", "much too long", "-o", out],
    /no name for an image/,
  );
  await refused(
    ["pack", double, "--format", "bin", "--call", "my:test/i#treble", "-o", out],
    /my:test\/i#double/,
  );
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
  assert.ok(existsSync(join(folder, "guest.uf2")));
  assert.equal(readFileSync(join(folder, "guest.uf2")).length % 512, 0);
});
