/**
 * The report of a guest of strategy `callback`: the stack in static memory, and
 * whose the functions around its tasks are.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { reportOf, rill } from "./rill.js";

const folder = mkdtempSync(join(tmpdir(), "rill-callback-report-"));
after(() => {
  rmSync(folder, { recursive: true });
});

/** What it keeps across its waits has no room in words of its frames. */
const source = `import { double } from "./bindings/my-test-i";
export function runDouble(task: double.Task): void {
  const output = task.resolve();
  let sum: u64 = 0;
  let last: u64 = 1;
  let mix: u64 = 2;
  let count: u64 = 3;
  while (task.x.next()) {
    sum += task.x.value * last;
    mix ^= sum << (count & 7);
    last = mix + task.x.value;
    count = count * 5 + (sum >> 3);
    if (!output.writeOne(<u32>(sum ^ mix ^ last ^ count))) break;
  }
}
`;

async function core(wait: "wait" | "callback"): Promise<string> {
  const wit = join(packageRoot, "tests", "guests", "double", "double.wit");
  const entry = join(folder, "kept.ts");
  writeFileSync(entry, source);
  return (await buildGuest({ entry, wit, outDir: join(folder, wait), wait })).corePath;
}

test("the stack of a waiting task is a region of its own, told in every form", async () => {
  const path = await core("callback");
  const stacks = reportOf(path).linear_memory.regions.filter(({ kind }) => kind === "stack");
  assert.equal(stacks.length, 1);
  assert.match(stacks[0]!.label, /^stack of the callback strategy/);
  assert.ok(stacks[0]!.bytes > 8);
  const line = new RegExp(`${stacks[0]!.bytes}\\D+stack\\D+stack of the callback strategy`);
  assert.match(rill("report", path).stdout, line);
  assert.match(rill("report", path, "--markdown").stdout, /stack of the callback strategy/);
});

test("the functions around a task are the guest library's; nothing is of unknown source", async () => {
  const origins = reportOf(await core("callback")).origins;
  assert.equal(origins.find(({ origin }) => origin === "code")?.bytes ?? 0, 0);
});

test("a guest that waits inside has no such stack", async () => {
  const { regions } = reportOf(await core("wait")).linear_memory;
  assert.deepEqual(
    regions.filter(({ kind }) => kind === "stack"),
    [],
  );
});
