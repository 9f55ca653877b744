/** The tables of handles of both sides' resources, by themselves: every check of them, under the sanitizers. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { cIncludeFlags, cSources } from "../../tools/c-sources/c-sources.js";
import { packageRoot } from "../../tools/package-root.js";
import { must } from "../../tools/setup/build-tool.js";
import { SANITIZED, STRICT } from "./program.js";

const folder = mkdtempSync(join(tmpdir(), "rill-c-handles-"));
after(() => {
  rmSync(folder, { recursive: true });
});

test("each check of the tables holds", async () => {
  const program = join(folder, "handles");
  const parts = ["LISTS", "CALLS", "TASKS"] as const;
  await must("gcc", [
    ...["-std=c99", ...STRICT, ...SANITIZED, ...parts.map((part) => `-DRILL_WITH_${part}`)],
    ...[...cIncludeFlags(), ...new Set(cSources("HOST", "RINGS", "BINDINGS", ...parts))],
    ...[join(packageRoot, "tests", "c-bindings", "handles.c"), "-o", program],
  ]);
  assert.equal(await must(program, []), "all hold\n");
});
