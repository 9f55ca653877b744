import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { closingLine, nodeTest, oneCheck } from "../../dev/lanes/counts.js";
import type { Lane } from "../../dev/lanes/lane.js";
import { runLanes } from "../../dev/lanes/run-lanes.js";

const logs = mkdtempSync(join(tmpdir(), "rill-lanes-"));
after(() => {
  rmSync(logs, { recursive: true });
});

/** A lane that runs `code` in Node and closes with a counting line. */
function lane(code: string, changes: Partial<Lane> = {}): Lane {
  const command = [process.execPath, "-e", code] as const;
  return {
    name: "sample",
    what: "a sample",
    needs: [],
    minutes: 1,
    night: false,
    command: [...command],
    count: closingLine,
    ...changes,
  };
}

async function report(lanes: Lane[], ci = false): Promise<{ text: string; sums: string }> {
  const lines: string[] = [];
  const counts = await runLanes(lanes, (line) => lines.push(line), { ci, logs });
  return { text: lines.join("\n"), sums: `${counts.passed} ${counts.failed} ${counts.skipped}` };
}

const missing = { needs: [() => Promise.resolve({ missing: "qemu", how: "apt-get install qemu" })] };

test("the tests of all lanes are added up", async () => {
  const { sums } = await report([
    lane("console.log('3 passed, 0 failed')"),
    lane("console.log('4 passed, 0 failed')", { name: "other" }), // a lane's name is its log's
  ]);
  assert.equal(sums, "7 0 0");
});

test("a lane without its tool is skipped in one line that says how to get it", async () => {
  const { text, sums } = await report([lane("process.exit(9)", missing)]);
  assert.equal(sums, "0 0 1");
  assert.match(text, /^SKIP .*NOT RUN.*qemu is missing.*apt-get install qemu$/);
});

test("in CI a lane without its tool has failed", async () => {
  const { text, sums } = await report([lane("process.exit(9)", missing)], true);
  assert.equal(sums, "0 1 0");
  assert.match(text, /^FAIL .*in CI no lane may be skipped/);
});

test("in CI a skipped test has failed its lane", async () => {
  const skipping = lane("console.log('2 passed, 0 failed, 1 skipped')");
  assert.equal((await report([skipping])).sums, "2 0 1");
  assert.equal((await report([skipping], true)).sums, "2 1 1");
});

test("a failing lane shows its whole output", async () => {
  const { text, sums } = await report([
    lane("console.log('the reason\\n1 passed, 2 failed'); process.exit(1)"),
  ]);
  assert.equal(sums, "1 2 0");
  assert.match(text, /FAIL[^]*the reason[^]*FAIL/);
  assert.match(readFileSync(join(logs, "sample.log"), "utf8"), /the reason/);
});

test("a lane that passes shows its figures, and nothing else of its output", async () => {
  const { text } = await report([
    lane("console.log('chatter\\nℹ figure: 7 apples a second\\nℹ tests 1\\n1 passed, 0 failed')"),
  ]);
  assert.match(text, /^pass .*1 passed\n +7 apples a second$/);
});

test("a lane that ran no test has failed", async () => {
  assert.equal((await report([lane("console.log('0 passed, 0 failed')")])).sums, "0 1 0");
});

test("a lane that tells no number of tests has failed", async () => {
  assert.equal((await report([lane("")])).sums, "0 1 0");
});

test("a lane that exits with an error although its tests passed has failed", async () => {
  assert.equal((await report([lane("console.log('5 passed, 0 failed'); process.exit(3)")])).sums, "5 1 0");
});

test("a lane that hangs is stopped and has failed", async () => {
  const { text, sums } = await report([lane("setInterval(() => {}, 1000)", { minutes: 0.01 })]);
  assert.equal(sums, "0 1 0");
  assert.match(text, /stopped after 0.03 min/);
});

test("a program that is not there has failed its lane", async () => {
  const { text, sums } = await report([lane("", { command: ["no-such-program"], count: oneCheck })]);
  assert.equal(sums, "0 1 0");
  assert.match(text, /no-such-program/);
});

test("a run without any lane has failed", async () => {
  assert.equal((await report([])).sums, "0 1 0");
});

test("node:test inside a lane is counted even when the runner itself runs under node:test", async () => {
  const nested = lane("", {
    command: [
      process.execPath,
      "--test",
      "--test-reporter=spec",
      import.meta.filename.replace("run-lanes", "counts"),
    ],
    count: nodeTest,
  });
  const { sums } = await report([nested]);
  assert.match(sums, /^[1-9]\d* 0 0$/);
});
