/** A guest with futures from a file and a value to a value: `rill run` on V8. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { runOnV8 } from "../../tools/run/run-on-v8.js";
import { planRun } from "../../tools/run/run-plan.js";
import { buildTestGuest } from "./futures-host.js";

let folder: string;
let core: string;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-summary-"));
  const { built } = await buildTestGuest("summary", folder);
  core = built.corePath;
  writeFileSync(join(folder, "samples.jsonl"), "1\n2\n9\n");
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

for (const policy of ["ready", "blocking"] as const) {
  const result = (call: string, more: string): unknown => {
    const input = [`samples=${join(folder, "samples.jsonl")}`, more];
    const plan = planRun(core, { call: `test:summary/sensor#${call}`, in: input, host: "v8", json: true });
    const facts = runOnV8(plan, { policy });
    assert.deepEqual([facts.trap, facts.items_in], [null, 3]);
    return facts.result;
  };

  test(`summarize, ${policy}: a stream and a future of a record in, a future of a record out`, () => {
    const expected = { count: 3, least: 0, greatest: 4, mean: 1.5 };
    assert.deepEqual(result("summarize", 'calibration={"offset":-1,"scale":0.5}'), expected);
  });

  test(`describe, ${policy}: a future of a string in, one out`, () => {
    assert.equal(result("describe", "name=porch"), "porch: alive");
  });
}
