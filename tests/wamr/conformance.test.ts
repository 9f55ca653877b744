/** The C host replays the reference definition's scripts through WebAssembly on real WAMR. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { readScripts } from "../../tools/conform/script.js";
import { packageRoot } from "../../tools/package-root.js";
import { conformOnWamr } from "../../tools/wamr/conform.js";
import type { DesktopVariant } from "../../tools/wamr/desktop-library.js";

const kinds: Readonly<Record<string, number>> = {
  "streams-host": 404,
  "same-task": 456,
  waitables: 384,
  "futures-host": 385,
};
const variants: readonly DesktopVariant[] = [
  { interpreter: "classic", bits: 64 },
  { interpreter: "fast", bits: 64 },
  { interpreter: "classic", bits: 32 },
  { interpreter: "classic", bits: 64, sanitized: true },
];

for (const variant of variants) {
  for (const [kind, count] of Object.entries(kinds)) {
    const name = `${variant.interpreter}, ${String(variant.bits)} bit${variant.sanitized ? ", sanitized" : ""}`;
    test(`${kind} on ${name}: every script over pointer-free types`, async () => {
      const file = await readScripts(join(packageRoot, "tests", "conformance", "scripts", `${kind}.json.gz`));
      const { passed, failures } = await conformOnWamr(file, variant);
      assert.deepEqual(failures, []);
      assert.equal(passed, count);
    });
  }
}

test("a script whose expectation is wrong fails, so that passing means something", async () => {
  const file = await readScripts(
    join(packageRoot, "tests", "conformance", "scripts", "streams-host.json.gz"),
  );
  const script = file.cases.find((candidate) =>
    candidate.steps.some((step) => step.op === "stream.read" && step.ret === 16),
  )!;
  const steps = script.steps.map((step) =>
    step.op === "stream.read" && step.ret === 16 ? { ...step, ret: 32 } : step,
  );
  const { failures } = await conformOnWamr({ ...file, cases: [{ ...script, steps }] }, variants[0]!);
  assert.equal(failures.length, 1);
});
