/**
 * `rill flash` from files to files, on emulated boards at once, on real boards
 * through the tools that their users have.
 */
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { BOARDS, findBoard } from "../../tools/pack/board-table.js";
import { binutilOf } from "../../tools/boards/board-programs.js";
import { buildFirmware, buildNativeImageFirmware } from "../../tools/boards/firmware.js";
import { flashCommand } from "../../tools/boards/flash-real-board.js";
import { must, needTool } from "../../tools/setup/build-tool.js";
import { packageRoot } from "../../tools/package-root.js";
import { program } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";
import { type Served, servedRill } from "../served-rill.js";
import { core, handMadeCore } from "./guests.js";

const bin = join(packageRoot, "bin", "rill.js");
let folder: string;
let double: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-flash-test-"));
  double = await core("double");
});
after(() => {
  rmSync(folder, { recursive: true });
});

async function rill(args: readonly string[]): Promise<string> {
  const { code, output } = await servedRill(args, folder);
  assert.equal(code, 0, output);
  return output;
}

const readings = [
  "at,acceleration-x,acceleration-y,acceleration-z,rotation-x,rotation-y,rotation-z",
  ...Array.from({ length: 20 }, (_, at) => [at, at / 8, -at, 9.75, 0.5, at % 3, -0.25].join(",")),
].join("\n");

const runs = [
  { board: "lm3s811evb", guest: "double", call: "my:test/i#double", input: ["x", "in.jsonl"], out: "csv" },
  {
    board: "microbit",
    guest: "ecg",
    call: "rill:ecg/detector#beats",
    input: ["samples", "in.u16le"],
    out: "jsonl",
  },
  {
    board: "hifive1",
    guest: "double",
    call: "my:test/i#double",
    input: ["x", "in.jsonl"],
    out: "jsonl",
  },
  {
    board: "netduinoplus2",
    guest: "imu",
    call: "rill:imu/filter#smooth",
    input: ["readings", "in.csv"],
    out: "csv",
  },
] as const;

for (const { board, guest, call, input, out } of runs) {
  test(`rill flash ${guest} --board ${board}: files in, the file out that rill run writes`, async () => {
    const [parameter, file] = input;
    writeFileSync(join(folder, "in.jsonl"), "1\n2\n4294967295\n");
    writeFileSync(join(folder, "in.csv"), readings);
    const recording = readFileSync(join(packageRoot, "examples/ecg/data/ecg-mitdb-208-360hz.u16le"));
    writeFileSync(join(folder, "in.u16le"), recording.subarray(0, 7200));
    const streams = ["--in", `${parameter}=${file}`];
    const path = await core(guest);
    const told = await rill(["flash", path, "--board", board, ...streams, "--out", `board.${out}`, "--json"]);
    await rill(["run", path, "--call", call, ...streams, "--out", `v8.${out}`]);
    const expected = readFileSync(join(folder, `v8.${out}`), "utf8");
    assert.ok(expected.split("\n").length > 3);
    assert.equal(readFileSync(join(folder, `board.${out}`), "utf8"), expected);
    const facts = JSON.parse(told.slice(told.indexOf("{"))) as Record<string, unknown>;
    assert.equal(facts.host, board);
    assert.equal(facts.items_in, { double: 3, ecg: 3600, imu: 20 }[guest]);
    assert.equal(facts.error, null);
    assert.ok(Number(facts.stack_bytes) > 500 && Number(facts.pool_bytes) > 2000);
  });
}

test("rill flash --native: the guest as C, and the file out that rill run writes", async () => {
  writeFileSync(join(folder, "in.jsonl"), "1\n2\n4294967295\n");
  const streams = ["--in", "x=in.jsonl", "--out"];
  const told = await rill([
    "flash",
    double,
    "--board",
    "hifive1",
    "--native",
    ...streams,
    "native.csv",
    "--json",
  ]);
  await rill(["run", double, ...streams, "v8.csv"]);
  assert.equal(
    readFileSync(join(folder, "native.csv"), "utf8"),
    readFileSync(join(folder, "v8.csv"), "utf8"),
  );
  const facts = JSON.parse(told.slice(told.indexOf("{"))) as Record<string, unknown>;
  assert.deepEqual([facts.host, facts.items_out, facts.pool_bytes], ["hifive1", 3, null]);
});

/** A folder with a stand-in for the tool `name`, which notes its words and keeps the image; first on PATH. */
function standIn(name: string, code: number): Record<string, string> {
  const path = join(folder, name);
  writeFileSync(
    path,
    `#!/bin/sh
printf '%s\\n' "$@" > ${join(folder, "words")}
for word in "$@"; do for part in $word; do case "$part" in *guest.*) cp "$part" ${join(folder, "kept")};; esac; done; done
exit ${code}
`,
  );
  chmodSync(path, 0o755);
  return { PATH: [folder, dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter) };
}

const ADDRESS = 0x38000;
const tools = [
  {
    tool: "probe-rs",
    program: "probe-rs",
    words: /^download --chip nRF51822_xxAA --binary-format hex \S+guest\.hex$/,
  },
  {
    tool: "openocd",
    program: "openocd",
    words: /^-f interface\/cmsis-dap\.cfg -f target\/nrf51\.cfg -c program \S+guest\.hex verify reset exit$/,
  },
  { tool: "esptool", program: "esptool.py", words: /^--chip auto write_flash 0x38000 \S+guest\.bin$/ },
] as const;

for (const { tool, program, words: expected } of tools) {
  test(`rill flash --with ${tool} shows the command, then runs just that, with the image that rill pack writes`, async () => {
    const env = standIn(program, 0);
    const flags = ["flash", double, "--board", "microbit", "--with", tool];
    const { code, output } = await run(process.execPath, [bin, ...flags], { env });
    assert.equal(code, 0, output);
    const noted = readFileSync(join(folder, "words"), "utf8").trim().split("\n");
    assert.match(noted.join(" "), expected);
    assert.equal(
      output.split("\n")[0],
      `$ ${[program, ...noted].map((word) => (word.includes(" ") ? `'${word}'` : word)).join(" ")}`,
    );
    const packed = join(folder, "packed.bin");
    const address = ["--board", "microbit", "--address", String(ADDRESS)];
    await rill(["pack", double, "--format", "bin", "--name", "double", ...address, "-o", packed]);
    if (tool !== "esptool")
      await must("arm-none-eabi-objcopy", ["-I", "ihex", "-O", "binary", join(folder, "kept")]);
    assert.deepEqual(readFileSync(join(folder, "kept")), readFileSync(packed));
  });

  test(`rill flash --with ${tool}: the tool fails`, async () => {
    const env = standIn(program, 3);
    const flags = ["flash", double, "--board", "microbit", "--with", tool];
    const { code, output } = await run(process.execPath, [bin, ...flags], { env });
    assert.equal(code, 1, output);
    assert.match(output, new RegExp(`${program} ended with 3`));
  });

  test(`rill flash --with ${tool}: the tool is not installed`, async () => {
    const flags = ["flash", double, "--board", "microbit", "--with", tool];
    const { code, output } = await run(process.execPath, [bin, ...flags], { env: { PATH: "" } });
    assert.equal(code, 2, output);
    assert.match(
      output,
      new RegExp(`^\\$ ${program} .*\n.*${program} is not installed, so nothing was written; `),
    );
  });
}

for (const board of BOARDS) {
  test(`OpenOCD has the scripts that rill flash --with openocd names for ${board.name}`, async () => {
    const { args } = flashCommand("openocd", { board: board.name }, board, ADDRESS, folder);
    const scripts = [board.openOcdInterface ?? [], board.openOcdTarget].flat();
    const named = scripts.flatMap((script) => ["-f", script]);
    assert.deepEqual(args.slice(0, -2), named);
    // It reads its scripts, and ends before it looks for a probe. One that names the probe looks at once.
    const openOcd = needTool(await program("openocd"));
    if (board.openOcdInterface !== null) await must(openOcd, [...named, "-c", "shutdown"]);
    else assert.match((await run(openOcd, named)).output, /unable to open ftdi device/);
  });
}

for (const [name, ...more] of [["microbit"], ["hifive1"], ["microbit", "--native-image"]] as const) {
  test(`rill flash --firmware writes the firmware of ${[name, ...more].join(" ")} and the image, each where it belongs`, async () => {
    const board = findBoard(name);
    const env = standIn("probe-rs", 0);
    const flags = ["flash", double, "--board", name, "--with", "probe-rs", "--firmware", ...more];
    const { code, output } = await run(process.execPath, [bin, ...flags], { env });
    assert.equal(code, 0, output);
    const kept = join(folder, "kept");
    await must("arm-none-eabi-objcopy", ["-I", "ihex", "-O", "binary", "--gap-fill", "0xff", kept]);
    const flash = readFileSync(kept);
    const { elf } = await (more.length > 0 ? buildNativeImageFirmware : buildFirmware)(board);
    const whole = join(folder, "whole.bin");
    await must(await binutilOf(board, "objcopy"), ["-O", "binary", elf, whole]);
    const firmware = readFileSync(whole);
    const packed = join(folder, "whole.img");
    const place = ["--board", name, "--address", String(board.images.start)];
    await rill([
      "pack",
      double,
      "--format",
      more.length > 0 ? "native-image" : "bin",
      ...place,
      "-o",
      packed,
    ]);
    assert.deepEqual(flash.subarray(0, firmware.length), firmware);
    assert.deepEqual(flash.subarray(board.images.start - board.flash.start), readFileSync(packed));
  });
}

test("rill flash --firmware: boards and tools that it is not for", async () => {
  const refused = async (args: readonly string[], message: RegExp): Promise<void> => {
    const done = await servedRill(["flash", double, "--firmware", ...args]);
    assert.equal(done.code, 2, done.output);
    assert.match(done.output, message);
  };
  const probe = ["--with", "probe-rs", "--chip", "nRF52840_xxAA", "--address", "0x38000"];
  await refused(
    ["--board", "dongle", ...probe],
    /there is firmware for lm3s811evb, microbit, hifive1, netduinoplus2/,
  );
  await refused(["--board", "microbit", "--with", "esptool"], /goes with probe-rs and openocd; esptool\.py/);
});

test("rill flash --native-image --with: a board whose core is not known, and a guest in the firmware", async () => {
  const probe = ["--with", "probe-rs", "--chip", "nRF52840_xxAA", "--address", "0x38000"];
  const flash = (...args: readonly string[]): Promise<Served> =>
    servedRill(["flash", double, ...args, ...probe]);
  const unknown = await flash("--board", "dongle", "--native-image");
  assert.equal(unknown.code, 2, unknown.output);
  assert.match(unknown.output, /rill pack --format native-image --cpu NAME writes the image/);
  const inFirmware = await flash("--board", "dongle", "--native");
  assert.equal(inFirmware.code, 2, inFirmware.output);
  assert.match(inFirmware.output, /--native is for emulated boards/);
});

test("a guest that traps on a board: exit code 1, the board's code and word", async () => {
  writeFileSync(join(folder, "traps.core.wasm"), await handMadeCore("unreachable"));
  writeFileSync(join(folder, "one.jsonl"), "1\n");
  const flags = ["flash", join(folder, "traps.core.wasm"), "--board", "lm3s811evb"];
  const done = await servedRill([...flags, "--in", `x=${join(folder, "one.jsonl")}`]);
  assert.equal(done.code, 1, done.output);
  assert.match(done.output, /lm3s811evb: error -67 \(trap\): .*unreachable/);
});

test("a guest that the board refuses: exit code 1, and no output file", async () => {
  writeFileSync(join(folder, "one.jsonl"), "1\n");
  const one = join(folder, "one.jsonl");
  const out = join(folder, "refused.bin");
  const flags = ["flash", await core("sum"), "--board", "lm3s811evb", "--out", out];
  const done = await servedRill([...flags, "--in", `a=${one}`, "--in", `b=${one}`]);
  assert.equal(done.code, 1, done.output);
  assert.match(done.output, /lm3s811evb: error -70 \(type\)/);
  assert.equal(existsSync(out), false);
});

test("a bad input file: exit code 2, its name, and no output file", async () => {
  const file = join(folder, "bad.jsonl");
  writeFileSync(file, "1\n-5\n");
  const out = join(folder, "none.bin");
  const flags = ["flash", double, "--board", "lm3s811evb", "--in", `x=${file}`, "--out", out];
  const done = await servedRill(flags);
  assert.equal(done.code, 2, done.output);
  assert.match(done.output, /bad\.jsonl/);
  assert.equal(existsSync(out), false);
});
