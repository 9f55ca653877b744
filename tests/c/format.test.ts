/** All C of the repository is as clang-format writes it: `.clang-format` says how. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { needTool } from "../../tools/setup/build-tool.js";
import { packageRoot } from "../../tools/package-root.js";
import { inTemporaryFolder } from "../../tools/processes/temporary-folder.js";
import { clangFormat } from "../../tools/setup/programs.js";
import { run, type Finished } from "../../tools/setup/run.js";
import { trackedFiles } from "../rules/tracked-files.js";

async function check(...args: readonly string[]): Promise<Finished> {
  return run(needTool(await clangFormat()), ["--dry-run", "-Werror", ...args], { cwd: packageRoot });
}

test("all C is formatted: `npm run format:c`", async () => {
  const files = trackedFiles(/\.[ch]$/).map(({ path }) => path);
  assert.ok(files.length > 60, `${files.length} files`);
  const { code, output } = await check(...files);
  assert.equal(code, 0, output.slice(0, 4000));
});

for (const [what, line] of [
  ["code", `int wide = ${"1 + ".repeat(40)}1;`],
  ["a comment", `/* ${"wide ".repeat(40)}*/`],
  ["a brace out of its place", "int f(void) {\n    return 0;\n}"],
] as const) {
  test(`${what} that is formatted otherwise is found`, async () => {
    await inTemporaryFolder("rill-format-", async (folder) => {
      const file = join(folder, "wide.c");
      await writeFile(file, `${line}\n`);
      const { code, output } = await check(`--style=file:${join(packageRoot, ".clang-format")}`, file);
      assert.notEqual(code, 0);
      assert.match(output, /wide\.c:\d+:\d+: error: code should be clang-formatted/);
    });
  });
}
