/** What an embedder still holds of a guest that is gone, sanitized: late.c prints a line a case. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { must, needTool } from "../../tools/setup/build-tool.js";
import { packageRoot } from "../../tools/package-root.js";
import { clang, gcc } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";
import { cFeatures, cIncludeFlags, cSources, featureFlags } from "../../tools/c-sources/c-sources.js";

const sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

for (const [name, compiler, flags] of [
  ["gcc", gcc, sanitizers],
  ["clang", clang, sanitizers],
  ["gcc, 32 bit", gcc, ["-m32"]],
] as const) {
  test(`late answers of the embedder, memory that moves, refusals without a reason: ${name}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "rill-late-"));
    try {
      const program = join(folder, "late");
      await must(needTool(await compiler()), [
        ...["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Wvla", "-Werror", "-g", "-O1"],
        ...[...flags, ...featureFlags, ...cIncludeFlags(), join(packageRoot, "tests", "wamr", "late.c")],
        ...[...cSources("HOST", ...cFeatures), "-o", program],
      ]);
      const { code, output } = await run(program, []);
      const lines = output.trim().split("\n");
      assert.deepEqual(
        lines.filter((line) => !line.startsWith("ok ")),
        [],
      );
      assert.equal(code, 0);
      assert.equal(lines.length, 29);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
