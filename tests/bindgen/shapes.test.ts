/** Every kind of pointer-free element type, through generated accessors, on both hosts, bit for bit. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { type BuildResult, buildGuest } from "../../tools/compile/build-guest.js";
import { Guest } from "../../tools/host/guest.js";
import { Items } from "../../tools/host/copies/items.js";
import type { SharedStream } from "../../tools/host/copies/shared-stream.js";
import { StreamSink } from "../../tools/host/copies/stream-sink.js";
import { StreamSource } from "../../tools/host/copies/stream-source.js";
import type { Value } from "../../tools/host/values/value.js";
import { packageRoot } from "../../tools/package-root.js";
import { runOnWamr } from "../../tools/wamr/run-program.js";
import type { FunctionType, ValueType } from "../../tools/wit/model.js";
import { anyValue } from "../host/arbitrary-values.js";

const call = "test:shapes/shapes";
let folder: string;
let built: BuildResult;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-shapes-"));
  const guest = join(packageRoot, "tests", "guests", "shapes");
  built = await buildGuest({
    entry: join(guest, "shapes.ts"),
    wit: join(guest, "shapes.wit"),
    outDir: folder,
  });
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

function func(name: string): FunctionType {
  return built.world.exports.interfaces[0]!.functions.find((candidate) => candidate.name === name)!;
}

function elementOf(type: ValueType): ValueType {
  return (type as ValueType & { kind: "stream" }).element!;
}

/** Streams items through a function on V8. */
function stream(name: string, items: Items, ...rest: Value[]): Uint8Array {
  const guest = new Guest(new WebAssembly.Module(readFileSync(built.corePath)), built.world);
  let given = 0;
  const pull = (most: number): Items | "end" => {
    if (given === items.length) return "end";
    const next = items.slice(given, Math.min(items.length, given + most));
    given += next.length;
    return next;
  };
  const out: Uint8Array[] = [];
  const source = guest.loop.add(new StreamSource(items.type, { pull }, "ready"));
  const done = guest.start(`${call}#${name}`, [source.shared, ...rest], (result) => {
    const push = (some: Items): boolean => out.push(some.canonicalBytes()!) > 0;
    guest.loop.add(new StreamSink(result as SharedStream, { push }, "ready"));
  });
  guest.finish(done);
  return Buffer.concat(out);
}

test("a record of everything, copied field by field: V8 answers the same bytes", () => {
  const type = elementOf(func("copy-fields").params[0]!.type);
  fc.assert(
    fc.property(fc.array(anyValue(type), { minLength: 1, maxLength: 20 }), (values) => {
      const items = Items.fromValues(type, values);
      assert.deepEqual(Buffer.from(stream("copy-fields", items)), Buffer.from(items.canonicalBytes()!));
    }),
    { numRuns: 60 },
  );
});

test("the same on the C host, ready and blocking", async () => {
  const type = elementOf(func("copy-fields").params[0]!.type);
  const [values] = fc.sample(fc.array(anyValue(type), { minLength: 400, maxLength: 400 }), {
    numRuns: 1,
    seed: 7,
  });
  const bytes = Items.fromValues(type, values!).canonicalBytes()!;
  const input = join(folder, "in.bin");
  const output = join(folder, "out.bin");
  writeFileSync(input, bytes);
  for (const mode of ["ready", "blocking"] as const) {
    const facts = await runOnWamr({
      core: built.corePath,
      world: built.world,
      call: `${call}#copy-fields`,
      params: [{ path: input }],
      output,
      mode,
    });
    assert.equal(facts.trap, null);
    assert.ok(readFileSync(output).equals(Buffer.from(bytes)));
  }
});

test("enums go round", () => {
  const type = elementOf(func("next-suit").params[0]!.type);
  const items = Items.fromValues(type, ["clubs", "diamonds", "hearts", "spades"]);
  assert.deepEqual([...stream("next-suit", items)], [1, 2, 3, 0]);
});

test("a scalar parameter beside a stream: a char", () => {
  const items = Items.fromValues({ kind: "u32" }, [64, 65, 0x1f600]);
  assert.deepEqual([...stream("lower", items, "A")], [1, 0, 0]);
});

test("a sync function of plain numbers", () => {
  const guest = new Guest(new WebAssembly.Module(readFileSync(built.corePath)), built.world);
  const results: Value[] = [];
  for (const up of [true, false]) {
    const done = guest.start(`${call}#add`, [-3, 0.5, up], (result) => results.push(result));
    guest.finish(done);
  }
  assert.deepEqual(results, [-2.5, -3.5]);
});
