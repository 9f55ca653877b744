/** The main.c of docs/integration.md: short, without a warning, and it runs. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Board, BOARDS, findBoard } from "../../tools/pack/board-table.js";
import { buildFirmware } from "../../tools/boards/firmware.js";
import { qemuArguments } from "../../tools/boards/qemu.js";
import { toolchainOf } from "../../tools/boards/toolchain.js";
import { needTool } from "../../tools/setup/build-tool.js";
import { packageRoot } from "../../tools/package-root.js";
import { cArray } from "../../tools/pack/formats/c-array.js";
import { image } from "./guests.js";
import { untilEnd } from "./until-end.js";

const guide = readFileSync(join(packageRoot, "docs", "integration.md"), "utf8");
const main = /```c\n(.*?)```/s.exec(guide)![1]!;

test("the guide's main.c is complete and below 100 lines", () => {
  assert.ok(main.split("\n").length - 1 < 100);
  assert.match(main, /^int main\(void\)$/m);
});

/** What the program on a board says until it ends. */
async function saidBy(board: Board, elf: string): Promise<string> {
  return untilEnd(needTool(await toolchainOf(board).emulator()), qemuArguments(board, elf));
}

for (const board of BOARDS) {
  test(`the guide's main.c compiles without a warning and doubles four samples on ${board.name}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "rill-guide-"));
    try {
      const sources = [join(folder, "main.c"), join(folder, "double_image.c")];
      writeFileSync(sources[0]!, main);
      writeFileSync(sources[1]!, cArray(await image("double"), { name: "double", section: null }));
      const { elf } = await buildFirmware(board, { sources });
      assert.equal(await saidBy(board, elf), "2\n4\n6\n8\n+00");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

/** Builds and runs the guide with another image, and with its text changed. */
async function runGuide(
  bytes: Uint8Array,
  change: (text: string) => string = (text) => text,
): Promise<string> {
  const board = findBoard("netduinoplus2");
  const folder = mkdtempSync(join(tmpdir(), "rill-guide-"));
  try {
    const sources = [join(folder, "main.c"), join(folder, "double_image.c")];
    writeFileSync(sources[0]!, change(main));
    writeFileSync(sources[1]!, cArray(bytes, { name: "double", section: null }));
    const { elf } = await buildFirmware(board, { sources });
    return await saidBy(board, elf);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** With arrays and pool that hold any of these guests: only the streams keep them out then. */
function withRoom(text: string): string {
  return text
    .replace("pool[450]", "pool[2000]")
    .replace("module_copy[100]", "module_copy[1000]")
    .replace("IMPORTS 9u", "IMPORTS 52u")
    .replace("sizeof pool, 1024}", "sizeof pool, 4096}");
}

for (const [name, code, codeWithRoom] of [
  ["imu", "-38", "-70"],
  ["ecg", "-38", "-70"],
  ["sum", "-38", "-71"],
] as const) {
  test(`the guide's main.c refuses the image of ${name} with a code`, async () => {
    const bytes = await image(name);
    assert.equal(await runGuide(bytes), code);
    const pool = (text: string): string =>
      text.replace("pool[450]", "pool[2000]").replace("pool, 1024", "pool, 4096");
    assert.equal(await runGuide(bytes, pool), "-71");
    assert.equal(await runGuide(bytes, withRoom), codeWithRoom);
  });
}

test("a guest whose task.return the guide refuses without a reason goes no further", async () => {
  const refuse = (text: string): string =>
    text.replace(/return rill_sink_open\(.*\);/, "(void)of, (void)values; return false;");
  assert.equal(await runGuide(await image("double"), refuse), "-67");
});
