/** Streams and futures within a guest, of types that its world does not name, on the C host as on V8. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type BuildResult, buildGuest } from "../../tools/compile/build-guest.js";
import type { WaitStrategy } from "../../tools/compile/guest-module.js";
import { packageRoot } from "../../tools/package-root.js";
import { planRun } from "../../tools/run/run-plan.js";
import { runOnV8 } from "../../tools/run/run-on-v8.js";
import type { DesktopVariant } from "../../tools/wamr/desktop-library.js";
import { runOnWamr } from "../../tools/wamr/run-program.js";

let folder: string;
const built = new Map<WaitStrategy, BuildResult>();

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-unnamed-"));
  const guest = join(packageRoot, "tests", "guests", "unnamed", "unnamed");
  const files = { entry: `${guest}.ts`, wit: `${guest}.wit` };
  for (const wait of ["wait", "callback"] as const)
    built.set(wait, await buildGuest({ ...files, wait, outDir: join(folder, wait) }));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Each function with its argument and its result. */
const calls = [
  ["through", ["x=2.5"], [2.5], 2.5],
  ["ticks", ["count=7"], [7], 7],
  ["cancelled", [], [], 3],
  ["streams", [], [], 0],
  ["futures", [], [], 0],
] as const;

const variants: readonly DesktopVariant[] = [
  { interpreter: "classic", bits: 64 },
  { interpreter: "fast", bits: 64 },
  { interpreter: "classic", bits: 32 },
  { interpreter: "fast", bits: 64, sanitized: true },
];
for (const variant of variants)
  for (const wait of ["wait", "callback"] as const) {
    const name = `${variant.interpreter}, ${variant.bits} bit${variant.sanitized ? ", sanitized" : ""}`;
    test(`numbers of every type, and ticks, ${wait}, on ${name}`, async () => {
      const { corePath, world } = built.get(wait)!;
      for (const [label, args, values, result] of calls) {
        const call = `test:unnamed/ends#${label}`;
        const params = values.map((value) => ({ value }));
        const facts = await runOnWamr({ core: corePath, world, call, params, variant });
        assert.equal(facts.trap, null, label);
        assert.equal(facts.value, result, label);
        const v8 = runOnV8(planRun(corePath, { call, in: args, host: "v8", json: true }));
        assert.equal(v8.result, result, label);
        assert.equal(facts.host_calls, v8.host_calls, label);
      }
    });
  }
