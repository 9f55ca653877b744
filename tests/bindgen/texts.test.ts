/**
 * Strings and lists in every position, exported and imported, sync and async, and
 * as items: values go through unchanged.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { type BuildResult, buildGuest } from "../../tools/compile/build-guest.js";
import { Guest } from "../../tools/host/guest.js";
import type { CopyPolicy } from "../../tools/host/tasks/host-loop.js";
import { Items } from "../../tools/host/copies/items.js";
import { type HostFunction, immediate } from "../../tools/host/calls/lower.js";
import type { SharedStream } from "../../tools/host/copies/shared-stream.js";
import { StreamSink } from "../../tools/host/copies/stream-sink.js";
import { StreamSource } from "../../tools/host/copies/stream-source.js";
import { Trap } from "../../tools/host/values/trap.js";
import type { Value } from "../../tools/host/values/value.js";
import { packageRoot } from "../../tools/package-root.js";
import { run } from "../../tools/setup/run.js";
import { isMissing } from "../../tools/setup/tool.js";
import { wasmTools } from "../../tools/setup/wheels.js";
import type { FunctionType, ValueType } from "../../tools/wit/model.js";
import { anyValue } from "../host/arbitrary-values.js";

const ECHO = "test:texts/echo";
let folder: string;
let built: BuildResult;
let module: WebAssembly.Module;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-texts-"));
  const guest = join(packageRoot, "tests", "guests", "texts");
  const [entry, wit] = [join(guest, "texts.ts"), join(guest, "texts.wit")];
  built = await buildGuest({ entry, wit, outDir: folder, component: true, arenaBytes: 8192 });
  module = new WebAssembly.Module(readFileSync(built.corePath));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const outside = new Map<string, HostFunction>([
  ["test:texts/outside#join", immediate((a, b) => (b as string[]).join(a as string))],
  ["test:texts/outside#ask", immediate((question) => `${question as string}?`)],
]);

function instantiate(): Guest {
  return new Guest(module, built.world, { functions: outside });
}

function exported(name: string): FunctionType {
  return built.world.exports.interfaces[0]!.functions.find((func) => func.name === name)!;
}

/**
 * Sends random arguments through one instance, call after call: an arena that is not given back would end it.
 */
function checkCalls(name: string, expected: (value: Value) => Value): void {
  const guest = instantiate();
  fc.assert(
    fc.property(anyValue(exported(name).params[0]!.type), (value) => {
      assert.deepEqual(guest.call(`${ECHO}#${name}`, [value]), expected(value));
    }),
    { numRuns: 300 },
  );
}

const same = ["text", "bytes", "wide", "entry", "note", "maybe", "lists", "three"].map(
  (name) => `same-${name}`,
);
for (const name of same) {
  test(`${name}: random values come back`, () => {
    checkCalls(name, (value) => value);
  });
}

test("later-text and later-entry: parameters of tasks, and results with what the guest made", () => {
  checkCalls("later-text", (value) => `${value as string}!`);
  checkCalls("later-entry", (value) => {
    const entry = value as Record<string, Value>;
    return { ...entry, name: `${entry.name as string}?` };
  });
});

test("repeat: a list that the guest builds in the arena", () => {
  assert.deepEqual(instantiate().call(`${ECHO}#repeat`, ["añ😀", 3]), [["añ😀", "añ😀", "añ😀"], 12]);
  assert.deepEqual(instantiate().call(`${ECHO}#repeat`, ["", 0]), [[], 0]);
});

test("a sync function without pointers in its result gives the arena back", () => {
  const guest = instantiate();
  for (let i = 0; i < 100; i++) assert.equal(guest.call(`${ECHO}#length`, ["x".repeat(2000)]), 2000);
});

test("imported functions: strings and lists go out and come in", () => {
  const guest = instantiate();
  for (let i = 0; i < 50; i++) {
    assert.equal(guest.call("through", [", ", ["a", "", "ß😀"]]), "a, , ß😀");
    assert.equal(guest.call("asking", ["how"]), "how?/again?");
  }
});

/** Sends items through a stream function. @returns what came out */
function stream(name: string, inputs: readonly (readonly Value[])[], policy: CopyPolicy): Value[] {
  const guest = instantiate();
  const func = exported(name);
  const out: Value[] = [];
  const sources = inputs.map((values, index) => {
    const type = (func.params[index]!.type as ValueType & { kind: "stream" }).element!;
    let next = 0;
    const pull = (most: number): Items | "end" => {
      if (next === values.length) return "end";
      const some = values.slice(next, next + most);
      next += some.length;
      return Items.fromValues(type, some);
    };
    return guest.loop.add(new StreamSource(type, { pull }, policy)).shared;
  });
  const call = guest.start(`${ECHO}#${name}`, sources, (result) => {
    const push = (some: Items): boolean => out.push(...some.values()) > 0;
    guest.loop.add(new StreamSink(result as SharedStream, { push }, policy));
  });
  guest.finish(call);
  return out;
}

for (const policy of ["ready", "blocking"] as const) {
  test(`texts, ${policy}: far more items than the arena holds, of any length`, () => {
    const texts = Array.from({ length: 2000 }, (_, i) => "ab😀".repeat(i % 300));
    assert.deepEqual(
      stream("texts", [texts], policy),
      texts.map((text) => `<${text}>`),
    );
  });

  test(`entries, ${policy}: records with strings and lists, changed in the slot`, () => {
    const { element } = exported("entries").params[0]!.type as ValueType & { kind: "stream" };
    fc.assert(
      fc.property(fc.array(anyValue(element!)), (items) => {
        const expected = (items as Record<string, Value>[]).map((entry) => ({
          ...entry,
          name: `${entry.name as string}#${(entry.tags as readonly Value[]).length}`,
        }));
        assert.deepEqual(stream("entries", [items], policy), expected);
      }),
      { numRuns: 50 },
    );
  });

  test(`zip, ${policy}: two readers do not take each other's memory`, () => {
    const x = Array.from({ length: 500 }, (_, i) => `x${"-".repeat(i % 40)}${i}`);
    const y = x.map((text) => `y${text}`);
    assert.deepEqual(
      stream("zip", [x, y], policy),
      x.map((text, i) => `${text}|${y[i]!}`),
    );
  });
}

test("an item that the arena has no room for: a trap that says how many bytes are missing", () => {
  assert.throws(
    () => stream("texts", [["x".repeat(5000)]], "ready"),
    (error) => error instanceof Trap && /the arena is too small: 1,\d{3} more bytes/.test(error.message),
  );
});

test("the component is one to wasm-tools", async () => {
  const tool = await wasmTools();
  assert.ok(!isMissing(tool));
  const { code, output } = await run(tool.path, ["validate", "--features", "all", built.componentPath!]);
  assert.equal(code, 0, output);
});
