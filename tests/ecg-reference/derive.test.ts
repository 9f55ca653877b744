import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";
import { readReferenceBeats, samplesPath } from "../../dev/start/recording.js";
import { run } from "../../tools/setup/run.js";
import { isMissing } from "../../tools/setup/tool.js";
import { wfdb } from "../../dev/setup/wfdb.js";
import { pythonWithPip } from "../../tools/setup/wheels.js";

test("wfdb's XQRS and GQRS find the committed reference beats", async () => {
  const [python, packages] = [await pythonWithPip(), await wfdb()];
  if (isMissing(python) || isMissing(packages)) throw new Error("the lane starts only with wfdb");
  const script = join(packageRoot, "tests", "ecg-reference", "derive.py");
  const derived = await run(python.path, [script, samplesPath], { env: { PYTHONPATH: packages.path } });
  assert.equal(derived.code, 0, derived.output);
  const { xqrs, gqrs } = readReferenceBeats();
  assert.equal(xqrs.length, 452);
  assert.deepEqual(JSON.parse(derived.output), { rate: 360, xqrs, gqrs });
});
