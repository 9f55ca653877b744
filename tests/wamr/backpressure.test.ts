/** A guest that `rill build --backpressure` made, on the C host on WAMR: it answers as without. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { runOnWamr } from "../../tools/run/run-on-c-host.js";
import { planRun } from "../../tools/run/run-plan.js";

const folder = mkdtempSync(join(tmpdir(), "rill-backpressure-wamr-"));
after(() => {
  rmSync(folder, { recursive: true });
});

test("a task raises backpressure and lowers it", async () => {
  const stem = join(packageRoot, "tests", "guests", "double", "double");
  const [input, out] = ["in.csv", "out.csv"].map((name) => join(folder, name)) as [string, string];
  writeFileSync(input, "x\n1\n2\n");
  const calls: (number | null)[] = [];
  for (const backpressure of [false, true]) {
    const guest = { entry: `${stem}.ts`, wit: `${stem}.wit`, bindings: false, outDir: folder };
    const { corePath } = await buildGuest({ ...guest, backpressure });
    const facts = await runOnWamr(planRun(corePath, { in: [`x=${input}`], out, host: "wamr" }));
    assert.deepEqual([facts.trap, readFileSync(out, "utf8")], [null, "value\n2\n4\n"]);
    calls.push(facts.host_calls);
  }
  assert.equal(calls[1]! - calls[0]!, 2, "inc and dec are called, once each");
});
