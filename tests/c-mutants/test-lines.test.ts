/** How many lines of test the C host has, as docs/c-mutants.md says and counts. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";

const host = "c/host";
/** Folders that hold nothing but tests of the C host, and the programs that tests run. */
const tests = [
  "tests/wamr",
  "tests/c-mutants",
  "programs/check",
  "programs/conform",
  "programs/fuzz",
  "tools/conform/c-host",
  "tools/conform/wamr",
  "dev/fuzz",
];
const LEAST = 3;

/** Lines of C and TypeScript in a folder that are neither blank nor comment. */
function linesOf(folder: string): number {
  const files = readdirSync(join(packageRoot, folder)).filter((name) => /\.(c|h|ts)$/.test(name));
  return files.reduce((sum, file) => {
    const text = readFileSync(join(packageRoot, folder, file), "utf8");
    const code = text.replace(/\/\*[^]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
    return sum + code.split("\n").filter((line) => line.trim() !== "").length;
  }, 0);
}

test("the C host has at least three lines of test to a line of its own", (t) => {
  const [code, tested] = [linesOf(host), tests.reduce((sum, folder) => sum + linesOf(folder), 0)];
  t.diagnostic(`figure: ${tested} lines of test to ${code} lines of ${host}: ${(tested / code).toFixed(2)}`);
  assert.ok(code > 2000);
  assert.ok(tested >= LEAST * code, `${tested} to ${code}`);
});

test("the page names every folder that is counted", () => {
  const page = readFileSync(join(packageRoot, "docs", "c-mutants.md"), "utf8");
  const [, part] = /^## Lines of test\n([^]*?)^## /m.exec(page)!;
  const named = [...part!.matchAll(/`([\w-]+(?:\/[\w-]+)+)`/g)].map(([, folder]) => folder!);
  assert.deepEqual(
    named.filter((name) => /^(tests|programs|tools|dev|c)\//.test(name)).sort(),
    [host, ...tests].sort(),
  );
});
