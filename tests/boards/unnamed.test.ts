/** Streams within a guest on a board, of a type that its world does not name: images, and guests as C. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { packRow } from "../../tools/boards/image-row.js";
import { buildGuest } from "../../tools/compile/build-guest.js";
import type { WaitStrategy } from "../../tools/compile/guest-module.js";
import { runPackNative } from "../../tools/native/pack-native.js";
import { packageRoot } from "../../tools/package-root.js";
import { findBoard, findEmulatedBoard } from "../../tools/pack/board-table.js";
import { packBytes } from "../../tools/pack/pack-command.js";
import { moduleWorld } from "../../tools/wit/module-world.js";
import { doubleSource, doubleWit, writeGuest } from "../compile/sample-guests.js";
import { words } from "./guests.js";
import { callNatively, callOnBoard } from "./remote-runs.js";

const CALL = "my:test/i#double";
/** Twice each item, which goes through a stream of floats. */
const SOURCE = doubleSource(
  `const own = StreamF32.create();
  const back = StreamF32.readable(own).open();
  back.start();
  own.writeOne(<f32>input.value * 2.0);
  back.next();
  own.drop();
  back.drop();
  if (!output.writeOne(<u32>back.value)) break;`,
  'import { StreamF32 } from "as-rill/pairs";',
);

let folder: string;
const cores = new Map<string, Uint8Array<ArrayBuffer>>();

async function built(wait: WaitStrategy, endPlaces: number): Promise<Uint8Array<ArrayBuffer>> {
  const entry = writeGuest(folder, `guest-${wait}-${endPlaces}`, SOURCE);
  const { corePath } = await buildGuest({ entry, wit: doubleWit, wait, endPlaces, outDir: folder });
  return readFileSync(corePath) as Uint8Array<ArrayBuffer>;
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-unnamed-boards-"));
  for (const wait of ["wait", "callback"] as const) cores.set(wait, await built(wait, 1));
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const items = words([1, 2, 3, 40]);
const doubled = words([2, 4, 6, 80]);

for (const wait of ["wait", "callback"] as const)
  test(`an image on microbit, ${wait}`, async () => {
    const { report, outcomes } = await callOnBoard(findBoard("microbit"), [
      { core: cores.get(wait)!, call: CALL, streams: [items] },
    ]);
    assert.deepEqual(report.errors, []);
    assert.deepEqual(Buffer.from(outcomes[0]!.items!), Buffer.from(doubled));
    const { packed } = outcomes[0]!;
    assert.ok(report.ends[0]!.counts.peak! <= packed.needs.pool, "more pool than stated");
  });

for (const name of ["lm3s811evb", "uno"])
  test(`as C on ${name}, where no image has room for it`, async () => {
    const { report, items: written } = await callNatively(findEmulatedBoard(name), {
      ...{ core: cores.get("wait")!, call: CALL, streams: [items] },
    });
    assert.deepEqual(report.errors, []);
    assert.deepEqual(Buffer.from(written!), Buffer.from(doubled));
    if (name !== "uno")
      await assert.rejects(
        packBytes("guest", cores.get("wait")!, { name: "guest", call: CALL, board: name }),
        /guest has streams or futures both of whose ends are its own, .* --native .*; microbit, .* run it/,
      );
  });

test("in a row of images it is refused", async () => {
  const core = cores.get("callback")!;
  const world = moduleWorld("guest", core)!;
  const guest = { source: "guest", core, world, call: CALL };
  const row = [
    { ...guest, piped: null },
    { ...guest, piped: 0 },
  ];
  await assert.rejects(packRow(row, findBoard("netduinoplus2")), /guest has streams or futures .* --native/);
});

test("more places than an image can say are refused", async () => {
  await assert.rejects(
    packBytes("guest", await built("wait", 70), { name: "guest", call: CALL }),
    /may need 285 handles at once, and an image says 255 at most: rill build --ends/,
  );
});

test("as C for a firmware: the header says what all take, and each type has a number of its own", async () => {
  const filter = join(folder, "filter");
  await runPackNative(join(folder, "guest-wait-1.core.wasm"), {
    format: "native",
    output: filter,
    json: true,
  });
  assert.match(
    readFileSync(join(filter, "guest_wait_1.h"), "utf8"),
    /^#define GUEST_WAIT_1_HANDLES 9u\n#define GUEST_WAIT_1_STREAMS 3u$/m,
  );
  const guest = join(packageRoot, "tests", "guests", "unnamed", "unnamed");
  const { corePath } = await buildGuest({ entry: `${guest}.ts`, wit: `${guest}.wit`, outDir: folder });
  const output = join(folder, "c");
  await runPackNative(corePath, { format: "native", output, json: true });
  const source = readFileSync(join(output, "unnamed.c"), "utf8");
  const ids = [...source.matchAll(/^ {4}\{plan\d+, \d+u, \d+, \d, (-?\d+)\},$/gm)].map(([, id]) =>
    Number(id),
  );
  assert.equal(ids.length, 10);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.every((id) => id >= 0));
});
