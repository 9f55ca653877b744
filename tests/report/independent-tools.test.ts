/** Totals against tools that others wrote: wasm-tools objdump for sections, twiggy for functions. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isMissing } from "../../tools/setup/tool.js";
import { twiggy } from "../../dev/setup/twiggy.js";
import { wasmTools } from "../../tools/setup/wheels.js";
import { corpus } from "./corpus.js";
import { functionsAgree, sectionsAgree } from "./independent-sizes.js";

const modules = await corpus();

test("sections agree with wasm-tools objdump to the byte", async () => {
  const tool = await wasmTools();
  assert.ok(!isMissing(tool));
  for (const path of modules) await sectionsAgree(tool.path, path);
});

test("functions agree with twiggy, which adds each function's entry in the function section", async (t) => {
  const tool = await twiggy();
  assert.ok(!isMissing(tool));
  let largest = 0;
  for (const path of modules) {
    const difference = await functionsAgree(tool.path, path);
    assert.notEqual(difference, null, `twiggy reads ${path}`);
    largest = Math.max(largest, difference!);
  }
  assert.ok(largest <= 2, `the largest difference is ${largest} bytes`);
  t.diagnostic(`figure: functions of ${modules.length} modules against twiggy: ${largest} bytes at most`);
});
