/** The firmware's reader of serial lines on this machine, sanitized: link.c prints a line a case. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { must, needTool } from "../../tools/setup/build-tool.js";
import { cIncludeFlags, firmwareRoot } from "../../tools/c-sources/c-sources.js";
import { packageRoot } from "../../tools/package-root.js";
import { clang, gcc } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";

for (const [name, compiler] of [
  ["gcc", gcc],
  ["clang", clang],
] as const) {
  test(`lines whole, damaged, cut off, and noise, ${name}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "rill-link-"));
    try {
      const program = join(folder, "link");
      await must(needTool(await compiler()), [
        ...["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-g", "-O1", `-I${firmwareRoot}`],
        ...cIncludeFlags(),
        ...["-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
        ...[join(packageRoot, "tests", "boards", "link.c"), join(firmwareRoot, "link.c"), "-o", program],
      ]);
      const { code, output } = await run(program, []);
      const lines = output.trim().split("\n");
      assert.deepEqual(
        lines.filter((line) => !line.startsWith("ok ")),
        [],
      );
      assert.equal(code, 0);
      assert.equal(lines.length, 5);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
