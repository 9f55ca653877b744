/** The port over rings on this machine, sanitized: rings.c prints a line a case. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { must, needTool } from "../../tools/setup/build-tool.js";
import { cIncludeFlags, cSources } from "../../tools/c-sources/c-sources.js";
import { packageRoot } from "../../tools/package-root.js";
import { clang, gcc } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";

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
        ...["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", ...cIncludeFlags()],
        ...[join(packageRoot, "tests", "boards", "rings.c"), ...cSources("RINGS", "HOST")],
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
