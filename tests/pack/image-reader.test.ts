/** The C reader of images against what `rill pack` writes: damaged, torn and forged ones, sanitized. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { hostRoot } from "../../tools/boards/firmware.js";
import { must, needTool } from "../../tools/boards/wamr-library.js";
import { packBytes } from "../../tools/pack/pack-command.js";
import { packageRoot } from "../../tools/package-root.js";
import { gcc } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";
import { core } from "../boards/guests.js";

test("no damaged image is accepted, no forged one leads the reader out of its bytes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rill-image-reader-"));
  try {
    const file = join(folder, "double.img");
    const path = await core("double");
    writeFileSync(file, (await packBytes(path, readFileSync(path), { address: 0x38000 })).image);
    const program = join(folder, "reader");
    await must(needTool(await gcc()), [
      ...["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-g", "-O1", `-I${hostRoot}`],
      ...["-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
      ...[
        join(packageRoot, "tests", "pack", "image-reader.c"),
        join(hostRoot, "rill_image.c"),
        "-o",
        program,
      ],
    ]);
    const { code, output } = await run(program, [file]);
    assert.deepEqual(
      output
        .trim()
        .split("\n")
        .filter((line) => !line.startsWith("ok ")),
      [],
    );
    assert.equal(code, 0);
    assert.equal(output.trim().split("\n").length, 6);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
