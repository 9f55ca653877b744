/** The port over rings on this machine, sanitized: rings.c prints a line a case. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { hostRoot } from "../../tools/boards/firmware.js";
import { must, needTool } from "../../tools/boards/wamr-library.js";
import { packageRoot } from "../../tools/package-root.js";
import { clang, gcc } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";

const sources = ["rill_rings.c", "rill_host.c", "rill_end.c", "rill_set.c", "rill_value.c"];

for (const [name, compiler] of [
  ["gcc", gcc],
  ["clang", clang],
] as const) {
  test(`rings, sources, sinks and timeouts, ${name}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "rill-rings-"));
    try {
      const program = join(folder, "rings");
      await must(needTool(await compiler()), [
        ...["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Wvla", "-Werror"],
        ...["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", `-I${hostRoot}`],
        ...[join(packageRoot, "tests", "boards", "rings.c"), ...sources.map((file) => join(hostRoot, file))],
        ...["-o", program],
      ]);
      const { code, output } = await run(program, []);
      const lines = output.trim().split("\n");
      assert.deepEqual(
        lines.filter((line) => !line.startsWith("ok ")),
        [],
      );
      assert.equal(code, 0);
      assert.equal(lines.length, 39);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
