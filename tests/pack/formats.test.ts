/**
 * Images in every format, read back by programs that others wrote: objcopy,
 * srec_cat, intelhex, uf2conv, the C compiler.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { UserError } from "../../tools/errors/user-error.js";
import { packageRoot } from "../../tools/package-root.js";
import { packFile } from "../../tools/pack/pack-command.js";
import { encodeImage } from "../../tools/pack/write-image.js";
import { debian } from "../../tools/setup/debian.js";
import { armGcc, program } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";
import { isMissing, type Tool } from "../../tools/setup/tool.js";
import { pythonWithPip, uf2conv } from "../../tools/setup/wheels.js";
import { core } from "../boards/guests.js";

const ADDRESS = 0x0003_8000;
let folder: string;
let image: Uint8Array;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-pack-"));
  image = (await packFile(await core("double"), { address: ADDRESS })).image;
});
after(() => {
  rmSync(folder, { recursive: true });
});

function place(format: "bin" | "c" | "hex" | "uf2"): string {
  const file = join(folder, `double.${format}`);
  const placement = { name: "double", address: ADDRESS, section: ".guests", family: "RP2040" };
  writeFileSync(file, encodeImage(image, format, placement));
  return file;
}

async function use(tool: Promise<Tool>, args: readonly string[]): Promise<string> {
  const ready = await tool;
  assert.ok(!isMissing(ready), JSON.stringify(ready));
  const { code, output } = await run(ready.path, args);
  assert.equal(code, 0, output);
  return output;
}

test("srec_cat reads the Intel HEX file: the image's bytes at its address", async () => {
  const out = join(folder, "srec.bin");
  await use(program("srec_cat", ["srecord"]), [
    ...[place("hex"), "-intel", "-offset", `-0x${ADDRESS.toString(16)}`, "-o", out, "-binary"],
  ]);
  assert.deepEqual(readFileSync(out), Buffer.from(image));
});

test("GNU objcopy reads the Intel HEX file: the same bytes", async () => {
  const out = join(folder, "objcopy.bin");
  await use(program("arm-none-eabi-objcopy", ["binutils-arm-none-eabi"]), [
    "-I",
    "ihex",
    "-O",
    "binary",
    place("hex"),
    out,
  ]);
  assert.deepEqual(readFileSync(out), Buffer.from(image));
});

test("the C array compiles without a warning, lies in its section, aligned, with the image's bytes", async () => {
  const object = join(folder, "double.o");
  const out = join(folder, "section.bin");
  await use(armGcc(), [
    ...["-mcpu=cortex-m0", "-mthumb", "-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Werror"],
    ...["-c", place("c"), "-o", object],
  ]);
  await use(program("arm-none-eabi-objcopy", ["binutils-arm-none-eabi"]), [
    ...["-O", "binary", "-j", ".guests", object, out],
  ]);
  assert.deepEqual(readFileSync(out), Buffer.from(image));
  const sections = await use(program("arm-none-eabi-objdump", ["binutils-arm-none-eabi"]), ["-h", object]);
  assert.match(sections, /\.guests\s.*2\*\*3/);
});

test("the UF2 file, read by its specification: family, addresses, block numbers, the image's bytes", () => {
  const file = readFileSync(place("uf2"));
  assert.equal(file.length % 512, 0);
  const read: Buffer[] = [];
  for (let at = 0; at < file.length; at += 512) {
    const block = file.subarray(at, at + 512);
    assert.equal(block.readUInt32LE(0), 0x0a324655);
    assert.equal(block.readUInt32LE(4), 0x9e5d5157);
    assert.equal(block.readUInt32LE(8) & 0x2000, 0x2000);
    assert.equal(block.readUInt32LE(12), ADDRESS + 256 * read.length);
    assert.equal(block.readUInt32LE(16), 256);
    assert.equal(block.readUInt32LE(20), read.length);
    assert.equal(block.readUInt32LE(24), file.length / 512);
    assert.equal(block.readUInt32LE(28), 0xe48bff56);
    assert.equal(block.readUInt32LE(508), 0x0ab16f30);
    read.push(block.subarray(32, 32 + 256));
  }
  const bytes = Buffer.concat(read);
  assert.deepEqual(bytes.subarray(0, image.length), Buffer.from(image));
  assert.ok(bytes.subarray(image.length).every((byte) => byte === 0xff));
});

test("Microsoft's uf2conv reads the UF2 file: its family, its address, the image's bytes", async () => {
  const script = await uf2conv();
  assert.ok(!isMissing(script), JSON.stringify(script));
  const out = join(folder, "uf2conv.bin");
  const told = await use(pythonWithPip(), [script.path, place("uf2"), "--convert", "--output", out]);
  assert.match(told, /RP2040/);
  assert.match(told, new RegExp(`0x${ADDRESS.toString(16)}`));
  const read = readFileSync(out);
  assert.deepEqual(read.subarray(0, image.length), Buffer.from(image));
  assert.ok(read.subarray(image.length).every((byte) => byte === 0xff));
});

test("Python's intelhex reads the Intel HEX file", async () => {
  const script =
    "import sys; from intelhex import IntelHex; h = IntelHex(sys.argv[1]); print(h.minaddr()); print(bytes(h.tobinarray()).hex())";
  // Debian's package belongs to Debian's Python, which need not be the first on PATH.
  const python = "/usr/bin/python3";
  if ((await run(python, ["-c", "import intelhex"])).code !== 0) {
    const installed = await debian(["python3-intelhex"]);
    assert.ok(!isMissing(installed), JSON.stringify(installed));
  }
  const { code, output } = await run(python, ["-c", script, place("hex")]);
  assert.equal(code, 0, output);
  const [address, hex] = output.trim().split("\n");
  assert.equal(Number(address), ADDRESS);
  assert.equal(hex, Buffer.from(image).toString("hex"));
});

test("double's image, header, tables and module, is at most 450 bytes", () => {
  assert.ok(image.length <= 450, `${image.length} bytes`);
});

test("the image is little: its module holds no custom section and no long name but the memory's bounds", async () => {
  const { minified } = await packFile(await core("double"));
  assert.ok(minified.module.sections.every(({ id }) => id !== 0));
  assert.deepEqual(minified.module.exports.map(({ name }) => name).sort(), [
    "__data_end",
    "__heap_base",
    "r",
  ]);
  assert.ok(minified.module.imports.every(({ module, field }) => module === "" && field.length === 1));
});

test("the package's folder of C sources ships the reader of the header", () => {
  assert.ok(
    readFileSync(join(packageRoot, "c", "parts", "rill_image.h"), "utf8").includes("rill_image_open"),
  );
});

/** What `encodeImage` refuses about a UF2 file of this family at this address; null when it writes one. */
function uf2Refusal(family: string, address: number): string | null {
  try {
    encodeImage(image, "uf2", { name: "double", address, section: null, family });
    return null;
  } catch (error) {
    assert.ok(error instanceof UserError);
    return error.message;
  }
}

test("a UF2 file for the RP2040 begins where its boot ROM erases: the address is refused with the reason else", () => {
  for (const family of ["RP2040", "rp2040", "0xe48bff56", "0xE48BFF56"]) {
    for (const offset of [0x100, 0x400, 0x800, 0xf00])
      assert.match(
        uf2Refusal(family, 0x1008_0000 + offset) ?? "",
        /0x10080[1-9a-f]00: .*RP2040.*4,096.*multiple of 0x1000/,
      );
    assert.equal(uf2Refusal(family, 0x1008_0000), null);
  }
  for (const family of ["RP2350_ARM_S", "NRF52840"]) assert.equal(uf2Refusal(family, 0x1008_0100), null);
});

test("the RP2350's families are known by name", () => {
  const families = {
    RP2XXX_ABSOLUTE: 0xe48bff57,
    RP2XXX_DATA: 0xe48bff58,
    RP2350_ARM_S: 0xe48bff59,
    rp2350_riscv: 0xe48bff5a,
    RP2350_ARM_NS: 0xe48bff5b,
  };
  for (const [family, number] of Object.entries(families)) {
    const placement = { name: "double", address: 0x1008_0000, section: null, family };
    assert.equal(Buffer.from(encodeImage(image, "uf2", placement)).readUInt32LE(28), number);
  }
  assert.match(uf2Refusal("RP2350", 0x1008_0000) ?? "", /RP2350 has several; .*RP2350_ARM_S, RP2350_RISCV/);
  assert.match(uf2Refusal("RP2351", 0x1008_0000) ?? "", /unknown board family RP2351/);
});
