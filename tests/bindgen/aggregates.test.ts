/**
 * Parameters and results of every pointer-free kind, in exported and imported functions, sync
 * and async: values go through unchanged.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { type BuildResult, buildGuest } from "../../tools/compile/build-guest.js";
import { Guest } from "../../tools/host/guest.js";
import { Items } from "../../tools/host/copies/items.js";
import type { HostCall, HostFunction } from "../../tools/host/calls/lower.js";
import { immediate } from "../../tools/host/calls/lower.js";
import type { SharedStream } from "../../tools/host/copies/shared-stream.js";
import { StreamSink } from "../../tools/host/copies/stream-sink.js";
import { StreamSource } from "../../tools/host/copies/stream-source.js";
import type { Value } from "../../tools/host/values/value.js";
import { packageRoot } from "../../tools/package-root.js";
import { run } from "../../tools/setup/run.js";
import { isMissing } from "../../tools/setup/tool.js";
import { wasmTools } from "../../tools/setup/wheels.js";
import type { FunctionType, ValueType } from "../../tools/wit/model.js";
import { anyValue } from "../host/arbitrary-values.js";

let folder: string;
let values: BuildResult;
let callers: BuildResult;

async function build(name: string): Promise<BuildResult> {
  const guest = join(packageRoot, "tests", "guests", name);
  const [entry, wit] = [join(guest, `${name}.ts`), join(guest, `${name}.wit`)];
  return buildGuest({ entry, wit, outDir: folder, component: true });
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-aggregates-"));
  values = await build("values");
  callers = await build("callers");
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

function exported(built: BuildResult, name: string): FunctionType {
  return built.world.exports.interfaces.flatMap((item) => item.functions).find((func) => func.name === name)!;
}

function instantiate(built: BuildResult, functions?: ReadonlyMap<string, HostFunction>): Guest {
  const module = new WebAssembly.Module(readFileSync(built.corePath));
  return new Guest(module, built.world, functions ? { functions } : {});
}

/** The bytes of a value in canonical layout: equal bytes, equal values, NaN and -0 included. */
function bytes(type: ValueType, value: Value): Buffer {
  return Buffer.from(Items.fromValues(type, [value]).canonicalBytes()!);
}

/** Arguments of a function, at random. */
function anyArguments(func: FunctionType): fc.Arbitrary<Value[]> {
  return fc.tuple(...func.params.map((param) => anyValue(param.type)));
}

/** Checks what an exported function answers to random arguments. */
function checkExported(built: BuildResult, name: string, expected: (args: readonly Value[]) => Value): void {
  const func = exported(built, name);
  const guest = instantiate(built);
  const owner = built.world.exports.interfaces[0]!.id;
  fc.assert(
    fc.property(anyArguments(func), (args) => {
      const got = guest.call(`${owner}#${name}`, args);
      assert.deepEqual(bytes(func.result!, got), bytes(func.result!, expected(args)));
    }),
    { numRuns: 200 },
  );
}

type Labels = Record<string, Value>;

const sum16 = (a: number, b: number): number => ((a + b) << 16) >> 16;

const exportedCases: Readonly<Record<string, (args: readonly Value[]) => Value>> = {
  "same-mixed": ([value]) => value!,
  "same-pair": ([left, right]) => [right!, left!],
  "same-outcome": ([value, extra]) => {
    const { ok } = value as { ok?: { x: number; y: number } };
    if (!ok || extra === null) return value!;
    const { some } = extra as { some: bigint };
    return { ok: { x: sum16(ok.x, Number(BigInt.asIntN(16, some))), y: ok.y } };
  },
  "same-one": ([value]) => value!,
  "same-plain": ([value, suit, access]) => {
    const cases = ["first", "second", "third"];
    const flags = Object.values(access as Labels).reduce<number>(
      (sum, bit, i) => sum + (bit ? 1 << i : 0),
      0,
    );
    const place = cases.indexOf(Object.keys(value as Labels)[0]!) + suits.indexOf(suit as string) + flags;
    return { [cases[place % 3]!]: null };
  },
  next: ([suit]) => suits[(suits.indexOf(suit as string) + 1) % 4]!,
  "swap-access": ([access, ok]) =>
    "ok" in (ok as Labels)
      ? Object.fromEntries(Object.entries(access as Labels).map(([label, bit]) => [label, !(bit as boolean)]))
      : access!,
  "later-mixed": ([value, other, by]) => {
    const { signed } = value as { signed?: number };
    if (signed === undefined || other === null) return value!;
    return { signed: sum16(signed, Math.imul((other as { some: number }).some, by as number)) };
  },
  "later-pair": ([left, one]) => [{ some: one! }, left!],
  "later-one": ([value]) => value!,
};

const suits = ["clubs", "diamonds", "hearts", "spades"];

for (const [name, expected] of Object.entries(exportedCases)) {
  test(`exported ${name}: random values`, () => {
    checkExported(values, name, expected);
  });
}

for (const name of ["make-wide", "later-wide"]) {
  test(`exported ${name}: a result of more than sixteen core values`, () => {
    const func = exported(values, name);
    fc.assert(
      fc.property(anyValue(func.params[0]!.type), (mixed) => {
        const wide = instantiate(values).call(`test:values/values#${name}`, [mixed]) as Labels;
        assert.deepEqual(bytes(func.params[0]!.type, wide.more!), bytes(func.params[0]!.type, mixed));
        assert.deepEqual(wide.most, [255, 0.5]);
        const { wide: big, last, letter, shape } = wide.all as Labels;
        assert.deepEqual({ big, last, letter }, { big: 1n << 40n, last: -1, letter: "\u{1f600}" });
        assert.deepEqual(shape, { segment: { x: 0, y: -2 } });
      }),
      { numRuns: 50 },
    );
  });
}

test("exported scaled: a stream beside a record and an option", () => {
  const type = (exported(values, "scaled").params[0]!.type as ValueType & { kind: "stream" }).element!;
  const items = Items.fromValues(type, [
    { x: 1, y: 2 },
    { x: -3, y: 4 },
    { x: 5, y: 6 },
  ]);
  const scaled = (by: Value, limit: Value): number[] => {
    const guest = instantiate(values);
    const out: Items[] = [];
    let given = false;
    const pull = (): Items | "end" => (given ? "end" : ((given = true), items));
    const source = guest.loop.add(new StreamSource(type, { pull }, "blocking"));
    const done = guest.start("test:values/values#scaled", [source.shared, by, limit], (result) => {
      const push = (some: Items): boolean => out.push(some) > 0;
      guest.loop.add(new StreamSink(result as SharedStream, { push }, "blocking"));
    });
    guest.finish(done);
    return out.flatMap((some) =>
      some.values().flatMap((point) => Object.values(point as Record<string, number>)),
    );
  };
  assert.deepEqual(scaled({ x: 2, y: -1 }, { some: 2 }), [2, -2, -6, -4]);
  assert.deepEqual(scaled({ x: 1, y: 1 }, null), [1, 2, -3, 4, 5, 6]);
});

/** A host that settles each call at once or later, remembers its arguments and answers as told. */
class Answering {
  readonly calls: { readonly func: FunctionType; readonly args: readonly Value[] }[] = [];
  answer: (func: FunctionType, args: readonly Value[]) => Value = () => null;

  constructor(private readonly later: ((settle: () => void) => void) | null) {}

  function(func: FunctionType): HostFunction {
    const body = (...args: Value[]): Value => {
      this.calls.push({ func, args });
      return this.answer(func, args);
    };
    const { later } = this;
    if (!later || !func.async) return immediate(body);
    return (call: HostCall) => {
      later(() => {
        call.return(body(...call.start()));
      });
      return undefined;
    };
  }
}

/** A callers guest and its host. */
function withHost(blocking: boolean): { guest: Guest; host: Answering } {
  const pending: (() => void)[] = [];
  const host = new Answering(blocking ? (settle) => void pending.push(settle) : null);
  const [given] = callers.world.imports.interfaces;
  const functions = new Map(
    given!.functions.map((func): [string, HostFunction] => [
      `${given!.id}#${func.name}`,
      host.function(func),
    ]),
  );
  const guest = instantiate(callers, functions);
  guest.loop.add({
    progress: () => {
      const settle = pending.shift();
      settle?.();
      return settle !== undefined;
    },
  });
  return { guest, host };
}

function sameArguments(func: FunctionType, got: readonly Value[], expected: readonly Value[]): void {
  func.params.forEach(({ type }, index) => {
    assert.deepEqual(bytes(type, got[index]!), bytes(type, expected[index]!));
  });
}

for (const blocking of [false, true]) {
  const how = blocking ? "answered later" : "answered at once";
  for (const name of ["numbers", "same-mixed", "same-one", "two", "later-mixed", "later-one", "later-none"]) {
    if (blocking && !name.startsWith("later")) continue;
    test(`imported ${name}, ${how}: arguments and result go through bit for bit`, () => {
      const func = exported(callers, name);
      const { guest, host } = withHost(blocking);
      const anyAnswer = func.result ? anyValue(func.result) : fc.constant(null);
      fc.assert(
        fc.property(anyArguments(func), anyAnswer, (args, answer) => {
          host.answer = () => answer;
          const got = guest.call(`test:callers/through#${name}`, args);
          sameArguments(func, host.calls.pop()!.args, args);
          if (func.result) assert.deepEqual(bytes(func.result, got), bytes(func.result, answer));
        }),
        { numRuns: 200 },
      );
    });
  }

  for (const name of ["wides", "later-wides"]) {
    if (blocking && name === "wides") continue;
    test(`imported functions behind ${name}, ${how}: parameters and results in memory`, () => {
      const func = exported(callers, name);
      const { guest, host } = withHost(blocking);
      const [given] = callers.world.imports.interfaces;
      const wide = given!.types.find((type) => type.name?.name === "wide")!;
      const last = given!.functions.find((item) => item.name === (func.async ? "later-many" : "many"))!;
      fc.assert(
        fc.property(anyArguments(func), anyValue(wide), anyValue(last.result!), (args, middle, answer) => {
          host.calls.length = 0;
          host.answer = (called) => (called.name.endsWith("many") ? answer : middle);
          const got = guest.call(`test:callers/through#${name}`, args);
          assert.deepEqual(bytes(func.result!, got), bytes(func.result!, answer));
          const [first, second] = host.calls;
          assert.equal((first!.args[0] as Labels).small, ((args[0] as number) << 24) >> 24);
          const outcome = (args[0] as number) % 2 === 0 ? { ok: null } : { error: null };
          sameArguments(last, second!.args, [args[0]!, middle, outcome, args[1]!]);
        }),
        { numRuns: 100 },
      );
    });
  }
}

test("a result that the guest only stores stays in memory, where the host reads it", async () => {
  const wit = join(folder, "pair.wit");
  const entry = join(folder, "pair.ts");
  writeFileSync(
    wit,
    "package t:t; interface i { pair: func(x: u32) -> tuple<u32, u32>; } world w { export i; }",
  );
  writeFileSync(
    entry,
    `import { TupleU32U32, pairResult } from "./bindings/t-t-i";
export function pair(x: u32): TupleU32U32 {
  const result = pairResult();
  result.item0 = x;
  result.item1 = x + 1;
  return result;
}
`,
  );
  const built = await buildGuest({ entry, wit, outDir: folder });
  assert.deepEqual(instantiate(built).call("t:t/i#pair", [7]), [7, 8]);
});

test("the components are valid", async () => {
  const tool = await wasmTools();
  assert.ok(!isMissing(tool));
  for (const { componentPath } of [values, callers]) {
    const done = await run(tool.path, ["validate", "--features", "all", componentPath!]);
    assert.equal(done.code, 0, done.output);
  }
});
