/**
 * The guest of `examples/names`: labels come out, and a million of them take no
 * more memory than the longest one.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { Guest } from "../../tools/host/guest.js";
import type { CopyPolicy } from "../../tools/host/tasks/host-loop.js";
import { Items } from "../../tools/host/copies/items.js";
import type { SharedStream } from "../../tools/host/copies/shared-stream.js";
import { StreamSink } from "../../tools/host/copies/stream-sink.js";
import { StreamSource } from "../../tools/host/copies/stream-source.js";
import { Trap } from "../../tools/host/values/trap.js";
import { packageRoot } from "../../tools/package-root.js";
import { decodeComponentType } from "../../tools/wit/component-type.js";
import type { ValueType } from "../../tools/wit/model.js";

/** UTF-16 units of the longest name in these tests: with its label it fits into the example's 512 bytes. */
const LONGEST = 120;
const STRING: ValueType = { kind: "string" };
const outDir = mkdtempSync(join(tmpdir(), "rill-names-"));
let core: Uint8Array<ArrayBuffer>;

before(async () => {
  const example = join(packageRoot, "examples", "names");
  const built = await buildGuest({
    entry: join(example, "names.ts"),
    wit: join(example, "names.wit"),
    outDir,
  });
  core = Uint8Array.from(readFileSync(built.corePath));
});
after(() => {
  rmSync(outDir, { recursive: true });
});

/** Sends `count` names through the guest, each label to `take` before the next one is made. */
function label(
  count: number,
  nameAt: (index: number) => string,
  take: (label: string, guest: Guest) => void,
  policy: CopyPolicy,
): Guest {
  const guest = new Guest(new WebAssembly.Module(core), decodeComponentType(core)!);
  let next = 0;
  const pull = (): Items | "end" => (next === count ? "end" : Items.fromValues(STRING, [nameAt(next++)]));
  const input = guest.loop.add(new StreamSource(STRING, { pull }, policy));
  const call = guest.start("rill:names/labels#label", [input.shared], (result) => {
    const push = (items: Items): boolean => {
      for (const item of items.values()) take(item as string, guest);
      return true;
    };
    guest.loop.add(new StreamSink(result as SharedStream, { push }, policy));
  });
  guest.finish(call);
  return guest;
}

/**
 * Address behind the last byte that anything was ever written to; names are of characters without zero bytes.
 */
function highWater(guest: Guest): number {
  const bytes = new Uint8Array((guest.exports.memory as WebAssembly.Memory).buffer);
  return bytes.findLastIndex((byte) => byte !== 0) + 1;
}

for (const policy of ["ready", "blocking"] as const) {
  test(`${policy}: every name gets its label`, () => {
    const names = ["", "a", "Zoë", "名前", "😀", "x".repeat(LONGEST)];
    const labels: string[] = [];
    label(
      names.length,
      (index) => names[index]!,
      (text) => labels.push(text),
      policy,
    );
    assert.deepEqual(
      labels,
      names.map((name) => `# ${name}`),
    );
  });
}

test("a million names of any length: the high-water mark is that of the longest one, from the first item on", () => {
  const lengthAt = (index: number): number => (index === 0 ? LONGEST : (index * 7919) % (LONGEST + 1));
  let atFirst = 0;
  let taken = 0;
  const guest = label(
    1_000_000,
    (index) => "名".repeat(lengthAt(index)),
    (text, guest) => {
      if (taken === 0) atFirst = highWater(guest);
      if (text.length !== 2 + lengthAt(taken)) assert.fail(`item ${taken}: ${text}`);
      taken++;
    },
    "ready",
  );
  assert.equal(taken, 1_000_000);
  assert.ok(atFirst > 2 * 2 * LONGEST);
  assert.equal(highWater(guest), atFirst);
  assert.equal(guest.memoryByteLength, 65_536);
});

test("a name that the arena cannot hold: a trap that says how many bytes are missing", () => {
  assert.throws(
    () =>
      label(
        1,
        () => "x".repeat(300),
        () => undefined,
        "ready",
      ),
    (error) => error instanceof Trap && /the arena is too small: \d+ more bytes/.test(error.message),
  );
});
