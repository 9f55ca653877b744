/**
 * The table of what the gate's host does: every built-in is in it, and every place that it names is there.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";
import { builtins } from "../../tools/wit/canonical-names.js";

/** What a canonical definition or a part of it is called that is no built-in. */
const others = ["canon lift", "canon lower", "realloc", "copies"];

const page = readFileSync(join(packageRoot, "docs", "gate", "behaviours.md"), "utf8");
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| of "))
  .map((line) => line.slice(2, -2).split(" | ") as [of: string, what: string, where: string]);

test("every built-in has its rows, and every row is of a built-in or of a part that is named", () => {
  assert.deepEqual([...new Set(rows.map(([of]) => of))].sort(), [...builtins, ...others].sort());
  for (const row of rows) assert.equal(row.length, 3, row.join(" | "));
});

test("every behaviour is played in a place that is there, or has its reason", () => {
  for (const [of, what, where] of rows) {
    const reason = /^not played: (.{10,})$/.exec(where);
    if (reason) continue;
    const [, file, name] = /^([\w/-]+\.ts) `(\w+)`$/.exec(where) ?? assert.fail(`${of}, ${what}: ${where}`);
    const path = join(packageRoot, "tools", "gate", file!);
    assert.ok(existsSync(path), `${file!} is not there`);
    const declared = new RegExp(
      `^\\s*(?:(?:private|override|export|get|function|const)\\s+)*${name!}\\b\\s*[(=<]`,
      "m",
    );
    assert.match(readFileSync(path, "utf8"), declared, where);
  }
});
