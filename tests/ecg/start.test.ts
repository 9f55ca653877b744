import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";

test("npm start's program tells the whole run in plain lines of 80 columns when nobody watches", () => {
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined };
  const start = join(packageRoot, "dist", "dev", "start", "main.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [start, "--host", "v8"], {
    encoding: "utf8",
    env,
  });
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

test("an argument that there is not is one line and exit code 2", () => {
  const start = join(packageRoot, "dist", "dev", "start", "main.js");
  for (const args of [["--host", "jvm"], ["--hots"], ["wamr"]]) {
    const { status, stderr } = spawnSync(process.execPath, [start, ...args], { encoding: "utf8" });
    assert.equal(status, 2);
    assert.equal(stderr, "as-rill: npm start takes no arguments but -- --host v8 or -- --host wamr\n");
  }
});

test("without the programs that WAMR is built with it says so in one line and runs on V8", () => {
  const env = { ...process.env, NO_COLOR: "1", PATH: "/nonexistent" };
  const start = join(packageRoot, "dist", "dev", "start", "main.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [start], { encoding: "utf8", env });
  assert.equal(status, 0, stderr);
  assert.match(
    stdout,
    /\n {2}On V8; WAMR needs gcc and cargo; on Debian: sudo apt-get install -y gcc libc6-dev cargo\n/,
  );
  assert.match(stdout, /host .* V8 /);
});
