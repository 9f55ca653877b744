/** Copying, clearing and comparing beside this machine's library: memory.c prints a line a case. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { platformRoot } from "../../tools/c-sources/c-sources.js";
import { packageRoot } from "../../tools/package-root.js";
import { inTemporaryFolder } from "../../tools/processes/temporary-folder.js";
import { must, needTool } from "../../tools/setup/build-tool.js";
import { gcc } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";

for (const level of ["-Os", "-O2"])
  test(`memory and strings as this machine's library has them, at ${level}`, async () => {
    const { code, output } = await inTemporaryFolder("rill-memory-", async (folder) => {
      const program = join(folder, "memory");
      await must(needTool(await gcc()), [
        ...["-std=gnu99", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-fno-builtin", "-g", level],
        ...["-fsanitize=address,undefined", "-fno-sanitize-recover=all", `-I${platformRoot}`],
        ...[join(packageRoot, "tests", "boards", "memory.c"), "-o", program],
      ]);
      return await run(program, []);
    });
    assert.equal(output, "ok memcpy\nok memmove\nok memset\nok strcmp\n");
    assert.equal(code, 0);
  });
