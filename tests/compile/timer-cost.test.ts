/** What it costs to wait for a timer beside a stream. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { readSections, sectionName } from "../../tools/wasm/read-module.js";
import { writeGuest } from "./sample-guests.js";

const folder = mkdtempSync(join(tmpdir(), "rill-timer-cost-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const first = join(packageRoot, "tests", "guests", "first");
/** Counts samples until none came for a while. */
const withTimer = readFileSync(join(first, "tmo.ts"), "utf8");
/** The same guest without what belongs to the timer. */
const withoutTimer = withTimer
  .replace(/^import \{ waitAny \}.*\n|^import \* as clock.*\n|^.*clock\.waitFor.*\n/gm, "")
  .replace("first != 0 || ", "");

/** Bytes of the code section of a guest of the world `tmo`. */
async function codeBytes(name: string, source: string): Promise<number> {
  const entry = writeGuest(folder, name, source);
  const { corePath } = await buildGuest({ entry, wit: join(first, "tmo.wit"), outDir: join(folder, name) });
  const { start, end } = readSections(readFileSync(corePath)).find(({ id }) => sectionName(id) === "code")!;
  return end - start;
}

test("a timer beside a stream: at most 250 bytes of code more, in a guest that its build has proved not to allocate", async () => {
  assert.doesNotMatch(withoutTimer, /clock|waitAny|first/);
  const bare = await codeBytes("bare", withoutTimer);
  const timed = await codeBytes("timed", withTimer);
  assert.ok(timed - bare <= 250, `${timed} bytes with the timer, ${bare} without`);
});
