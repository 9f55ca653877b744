import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";

test("npm start's program tells the whole run in plain lines of 80 columns when nobody watches", () => {
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined };
  const start = join(packageRoot, "dist", "tools", "start.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [start], { encoding: "utf8", env });
  assert.equal(status, 0, stderr);
  assert.equal(stderr, "");
  assert.match(stdout, / 108,000 samples, 472 beats/);
  assert.match(stdout, /beats +472 /);
  assert.match(stdout, /agreement +F1 0\.957 /);
  assert.match(stdout, /wasm +[\d,]+ B /);
  assert.match(stdout, /linear memory +[\d,]+ B /);
  assert.match(stdout, /allocations +0 /);
  assert.match(stdout, /instructions +[\d.]+ /);
  assert.match(stdout, /0 min +1 +2 +3 +4 +5\n/);
  for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
  assert.ok(!stdout.includes("\u001b"), "no control sequences");
});
