/**
 * The library's specs on native builds, under AddressSanitizer and UndefinedBehaviorSanitizer: every test
 * ends as it does on V8.
 */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestResult } from "../../tools/spec/aspect-host.js";
import { compileSpec } from "../../tools/spec/compile-spec.js";
import { runModule } from "../../tools/spec/run-module.js";
import { packageRoot } from "../../tools/package-root.js";
import { isLong } from "../tier.js";
import { runNatively, specProgram } from "./native-spec.js";

const specs = readdirSync(join(packageRoot, "tests", "unit"))
  .filter((name) => name.endsWith(".spec.ts"))
  .sort();

/** By day one of reads, one of futures, one of several at once; all at night. */
const BY_DAY = ["stream-reader-overlapping.spec.ts", "future-writer.spec.ts", "wait-any.spec.ts"];
let count = 0;

for (const name of isLong ? specs : BY_DAY)
  test(`${name}: every test as on V8`, async (context) => {
    const { binary } = await compileSpec({
      spec: `tests/unit/${name}`,
      baseDir: packageRoot,
      shownDir: packageRoot,
      constants: {},
      arena: false,
      virtualFiles: new Map(),
      onRead: () => undefined,
    });
    const onV8: TestResult[] = [];
    runModule(binary, { begins: () => undefined, ends: (result) => onV8.push(result) });
    const program = await specProgram(binary, { sanitized: true });
    const native: TestResult[] = [];
    const complaints = await runNatively(program, binary, {
      begins: () => undefined,
      ends: (result) => native.push(result),
    });
    assert.equal(complaints, "");
    const outcomes = (results: readonly TestResult[]): unknown[] =>
      results.map(({ path, outcome, message }) => ({ path, outcome, message }));
    assert.deepEqual(outcomes(native), outcomes(onV8));
    assert.ok(native.length > 0);
    context.diagnostic(`${native.length} tests`);
    count += native.length;
  });

test("no spec is left out, and all have many tests", () => {
  assert.deepEqual(
    BY_DAY.filter((name) => !specs.includes(name)),
    [],
  );
  assert.ok(count >= (isLong ? 240 : 60), `${count} tests`);
});
