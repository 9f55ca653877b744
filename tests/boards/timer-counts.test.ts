/** The counts of a RISC-V board's timer as nanoseconds, and back: timer-counts.c prints a line a case. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { firmwareRoot } from "../../tools/c-sources/c-sources.js";
import { packageRoot } from "../../tools/package-root.js";
import { inTemporaryFolder } from "../../tools/processes/temporary-folder.js";
import { must, needTool } from "../../tools/setup/build-tool.js";
import { gcc } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";

test("counts of a timer as nanoseconds, and back", async () => {
  const { code, output } = await inTemporaryFolder("rill-timer-counts-", async (folder) => {
    const program = join(folder, "timer-counts");
    await must(needTool(await gcc()), [
      ...["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-g", "-O1"],
      ...["-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
      ...[`-I${join(firmwareRoot, "riscv")}`, join(packageRoot, "tests", "boards", "timer-counts.c")],
      ...["-o", program],
    ]);
    return await run(program, []);
  });
  assert.deepEqual(
    output.split("\n").filter((line) => line !== "" && !line.startsWith("ok ")),
    [],
  );
  assert.equal(output.split("\n").length, 7);
  assert.equal(code, 0);
});
