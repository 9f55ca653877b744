/** Which frames the build asks the passes to move words of. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type Compiled } from "../../tools/compile/compile.js";
import { ENTRY_NAME, linkGuest, prepareGuest } from "../../tools/compile/guest-module.js";
import { movableFrames } from "../../tools/compile/movable-frames.js";
import { withModule } from "../../tools/compile/optimize.js";
import { Guest } from "../../tools/host/guest.js";
import { Items } from "../../tools/host/copies/items.js";
import type { SharedStream } from "../../tools/host/copies/shared-stream.js";
import { StreamSink } from "../../tools/host/copies/stream-sink.js";
import { sourceOf, StreamSource } from "../../tools/host/copies/stream-source.js";
import type { ValueType } from "../../tools/wit/model.js";
import { doubleSource, doubleWit, writeGuest } from "./sample-guests.js";

const folder = mkdtempSync(join(tmpdir(), "rill-frames-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const U32: ValueType = { kind: "u32" };

/** What a `double` with this loop body answers to `numbers`. */
async function answers(body: string, numbers: readonly number[], optimized: boolean): Promise<unknown[]> {
  const entry = writeGuest(folder, "raw", doubleSource(body));
  const guest = await prepareGuest({ entry, wit: doubleWit });
  const text = await linkGuest(guest, { optimized });
  const core = withModule(text, (module) => new WebAssembly.Module(new Uint8Array(module.emitBinary())));
  const instance = new Guest(core, guest.world);
  const out: unknown[] = [];
  const source = new StreamSource(U32, sourceOf(Items.fromValues(U32, numbers)), "ready");
  const call = instance.start("my:test/i#double", [instance.loop.add(source).shared], (result) => {
    const push = (items: Items): boolean => out.push(...items.values()) > 0;
    instance.loop.add(new StreamSink(result as SharedStream, { push }, "ready"));
  });
  instance.finish(call);
  return out;
}

test("a word that a guest's own address reaches stays in memory, however far off the constant in it lies", async () => {
  const body = "output.writeOne(load<u32>(changetype<usize>(output) - 1000 + <usize>input.value));";
  const [handle, status] = [1000, 1004];
  const asked = [handle, status, handle, status];
  const unmoved = await answers(body, asked, false);
  assert.notEqual(unmoved[0], 0);
  assert.deepEqual(unmoved, [unmoved[0], 16, unmoved[0], 16]);
  assert.deepEqual(await answers(body, asked, true), unmoved);
});

test("frames are those of the bindings, of a guest that keeps references as they are", async () => {
  const { world, bindings } = await prepareGuest({
    entry: writeGuest(folder, "tame", doubleSource("")),
    wit: doubleWit,
  });
  const places = [
    { name: "bindings/my-test-i/DOUBLE_FRAME", address: 16, bytes: 48 },
    { name: "bindings/my-test-i/region", address: 64, bytes: 48 },
    { name: "tame/OWN_FRAME", address: 112, bytes: 8 },
  ];
  const framesWith = (sources: Readonly<Record<string, string>>): unknown =>
    movableFrames(
      world,
      { places, sources: new Map(Object.entries(sources)) } satisfies Partial<Compiled>,
      bindings,
      ENTRY_NAME,
    );
  const converts = "changetype<usize>(output)";
  const frames = [{ from: 16, to: 64 }];
  const generated = Object.fromEntries([...bindings.keys()].map((path) => [path, converts]));
  const libraries = { "~lib/as-rill/assembly/slot.ts": converts, "~lib/array.ts": converts };
  assert.deepEqual(framesWith({ ...generated, ...libraries, [ENTRY_NAME]: converts }), frames);
  assert.deepEqual(framesWith({ "tame.ts": "const changetypes = 1;" }), frames);
  const state = "const state = changetype<State>(task.self);";
  for (const declared of ["class State {}", "export class State extends Place {}"])
    assert.deepEqual(framesWith({ "tame.ts": `${declared} ${state}` }), frames);
  const others = [
    "class State extends StaticArray<u8> {}",
    "class State<T> {}",
    'import { State } from "./a";',
  ];
  for (const declared of others) assert.deepEqual(framesWith({ "tame.ts": `${declared} ${state}` }), []);
  for (const path of ["tame.ts", "helpers/raw.ts", "~lib/package/index.ts"])
    assert.deepEqual(framesWith({ [path]: converts }), []);
});
