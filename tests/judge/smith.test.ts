/**
 * WIT packages that nobody wrote: each world is bound, compiled and a component
 * to wasm-tools, or a documented limit.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";
import { isMissing } from "../../tools/setup/tool.js";
import { wasmTools } from "../../tools/setup/wheels.js";
import { documentedLimits, limitOf } from "./limits.js";
import { readSection } from "./judges-page.js";
import { atTier, isLong } from "../tier.js";
import { PACKAGES, runSmith } from "./run-smith.js";
import { isDefect, smithLines } from "./summary.js";

/**
 * Of a hundred worlds, how many are bound at least: a generator that refuses what it once bound is noticed.
 */
const LEAST_PASSED = 99;

const packages = atTier(50, PACKAGES);

test(`${packages} packages of wit-smith`, async (context) => {
  const tool = await wasmTools();
  assert.ok(!isMissing(tool));
  const folder = mkdtempSync(join(tmpdir(), "rill-smith-"));
  try {
    const verdicts = await runSmith(packages, { folder, wasmTools: tool.path });
    for (const line of smithLines(verdicts)) context.diagnostic(line);
    const bad = verdicts.filter(isDefect);
    assert.deepEqual(bad.slice(0, 10), [], `${bad.length} worlds are neither bound nor refused`);
    const passed = verdicts.filter(({ outcome }) => outcome === "passed").length;
    assert.ok(new Set(verdicts.map(({ number }) => number)).size >= packages);
    const share = `${passed} of ${verdicts.length} pass`;
    assert.ok(passed * 100 >= verdicts.length * LEAST_PASSED, share);
    assert.ok(!isLong || passed >= statedPasses(), `${share}; docs/judges.md says ${statedPasses()}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Worlds that pass, as the page has it. */
function statedPasses(): number {
  return Number(/(\d+) passed/.exec(readSection("wit-smith").join("\n"))?.[1]);
}

test("each documented limit is one that the sources state", () => {
  const tools = join(packageRoot, "tools");
  const files = readdirSync(tools, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  const sources = files.map((name) => readFileSync(join(tools, name), "utf8")).join("\n");
  assert.ok(documentedLimits().length > 0);
  for (const limit of documentedLimits()) assert.ok(sources.includes(limit), `no source says: ${limit}`);
});

test("each reason that the sources state is a documented limit", () => {
  const bindgen = join(packageRoot, "tools", "bindgen");
  const files = readdirSync(bindgen, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  const reasons = files.flatMap((name) => {
    const text = readFileSync(join(bindgen, name), "utf8");
    return [...text.matchAll(/refused\(\s*[^"`]*?,\s*"([^"]+)",?\s*\)/g)].map((match) => match[1]!);
  });
  assert.ok(reasons.length > 2);
  for (const reason of reasons) assert.equal(limitOf(reason) === null ? reason : null, null);
});
