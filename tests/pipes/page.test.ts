/** The main.c of two guests in a row, as docs/native.md has it: packed, compiled under sanitizers, run. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { runPackNative } from "../../tools/native/pack-native.js";
import { packageRoot } from "../../tools/package-root.js";
import { gcc } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";
import { isMissing } from "../../tools/setup/tool.js";
import { builtOnce } from "../built-once.js";

let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "rill-page-"));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("two guests of docs/native.md double twice", async () => {
  const path = "tests/guests/double/double";
  const core = await builtOnce({ entry: `${path}.ts`, wit: `${path}.wit`, wait: "callback" }, folder);
  const out = join(folder, "packed");
  await runPackNative(core, { output: out, name: "double", format: "native" });
  const page = readFileSync(join(packageRoot, "docs", "native.md"), "utf8");
  const section = page.slice(page.indexOf("## Guests in a row"));
  writeFileSync(join(out, "main.c"), /```c\n(.*?)```/s.exec(section)![1]!);
  const compiler = await gcc();
  assert.ok(!isMissing(compiler), isMissing(compiler) ? compiler.how : "");
  const sources = readdirSync(out).filter((file) => file.endsWith(".c"));
  const built = await run(compiler.path, [
    ...["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror"],
    ...["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
    ...["-DRILL_WITH_TASKS", "-DRILL_WITH_PIPES", `-I${out}`, "-o", join(folder, "twice")],
    ...sources.map((file) => join(out, file)),
  ]);
  assert.equal(built.code, 0, built.output);
  const { code, output } = await run(join(folder, "twice"), []);
  assert.deepEqual([code, output], [0, "0\n4\n8\n12\n16\n"]);
});
