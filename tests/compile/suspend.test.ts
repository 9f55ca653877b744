/**
 * A function that waits and is entered again: random functions do the same as the function that waits inside.
 * Each is a nest of blocks, loops and branches with waits anywhere: in conditions, below calls, between
 * operands.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { suspend } from "../../tools/compile/callback/suspend.js";
import { withModule } from "../../tools/compile/optimize.js";
import { atTier, seed } from "../tier.js";

const RUN = "my:test/i#run";
const exportNames = [`[async-lift]${RUN}`, `[callback][async-lift]${RUN}`, "memory"].map((canonical) => ({
  internal: canonical,
  canonical,
}));
const EVENT = 16;
/** Instructions that a run takes at most: a random loop may have no other end. */
const FUEL = 60;

/** What random functions are made of; labels are those that are around, the innermost first. */
type Make = (labels: readonly string[]) => string;

const LOCALS = ["$a", "$b", "$c"];

const { statements } = fc.letrec<{ expression: Make; statements: Make; statement: Make }>((tie) => {
  const local = fc.constantFrom(...LOCALS);
  const constant = fc.integer({ min: 0, max: 5 }).map((n) => `(i32.const ${n})`);
  const plain = (text: fc.Arbitrary<string>): fc.Arbitrary<Make> => text.map((made) => () => made);
  const sub = tie("expression");
  const waited = fc.tuple(constant, fc.boolean()).map(
    ([set, isInner]) =>
      () =>
        isInner ? `(call $inner ${set})` : `(call $wait ${set} (i32.const ${EVENT}))`,
  );
  return {
    expression: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      plain(constant),
      plain(local.map((name) => `(local.get ${name})`)),
      plain(fc.constant(`(i32.load offset=4 (i32.const ${EVENT}))`)),
      waited,
      fc.tuple(fc.constantFrom("add", "sub", "xor", "lt_u"), sub, sub).map(
        ([operator, left, right]) =>
          (labels: readonly string[]) =>
            `(i32.${operator} ${left(labels)} ${right(labels)})`,
      ),
      fc.tuple(local, sub).map(
        ([name, value]) =>
          (labels: readonly string[]) =>
            `(local.tee ${name} ${value(labels)})`,
      ),
      fc.tuple(sub, sub, sub).map(
        ([condition, left, right]) =>
          (labels: readonly string[]) =>
            `(if (result i32) ${condition(labels)} (then ${left(labels)}) (else ${right(labels)}))`,
      ),
    ),
    statement: fc.oneof(
      { depthSize: "small" },
      sub.map((value) => (labels: readonly string[]) => `(call $note ${value(labels)})`),
      fc.tuple(local, sub).map(
        ([name, value]) =>
          (labels: readonly string[]) =>
            `(local.set ${name} ${value(labels)})`,
      ),
      fc.tuple(sub, fc.nat({ max: 3 })).map(([condition, at]) => (labels: readonly string[]) => {
        const label = labels[at % Math.max(1, labels.length)];
        return label === undefined ? "(nop)" : `(br_if ${label} ${condition(labels)})`;
      }),
      fc
        .tuple(sub, fc.nat({ max: 3 }), fc.nat({ max: 3 }))
        .map(([index, ...at]) => (labels: readonly string[]) => {
          if (labels.length === 0) return "(nop)";
          const targets = at.map((each) => labels[each % labels.length]!);
          return `(br_table ${targets.join(" ")} ${index(labels)})`;
        }),
      fc.tuple(sub, tie("statements"), tie("statements")).map(
        ([condition, then, otherwise]) =>
          (labels: readonly string[]) =>
            `(if ${condition(labels)} (then ${then(labels)}) (else ${otherwise(labels)}))`,
      ),
      fc
        .tuple(fc.constantFrom("block", "loop"), tie("statements"))
        .map(([kind, body]) => (labels: readonly string[]) => {
          const label = `$l${labels.length}`;
          const fuel = kind === "loop" ? "(call $burn)" : "";
          return `(${kind} ${label} ${fuel} ${body([label, ...labels])})`;
        }),
    ),
    statements: fc
      .array(tie("statement"), { minLength: 1, maxLength: 4, depthIdentifier: "nest" })
      .map((all) => (labels: readonly string[]) => all.map((each) => each(labels)).join(" ")),
  };
});

function moduleOf(body: string): string {
  return `(module
(import "$root" "[waitable-set-wait]" (func $wait (param i32 i32) (result i32)))
(import "host" "note" (func $note (param i32)))
(import "host" "burn" (func $burn))
(memory $memory 1)
(global $linear_memory_used i32 (i32.const 64))
(export "memory" (memory $memory))
(export "__heap_base" (global $linear_memory_used))
(export "[async-lift]${RUN}" (func $run))
(export "[callback][async-lift]${RUN}" (func $called))
(func $called (param i32) (param i32) (param i32) (result i32) (unreachable))
(func $inner (param $set i32) (result i32) (local $code i32)
  (local.set $code (call $wait (local.get $set) (i32.const ${EVENT})))
  (call $note (local.get $code))
  (i32.add (local.get $code) (local.get $set)))
(func $run (param $a i32) (result i32) (local $b i32) (local $c i32) ${body} (call $note (local.get $b)) (i32.const 0)))`;
}

class Spent extends Error {}

/** What the task does, one event after the other; its waits, notes and whether its fuel was spent. */
function told(text: string): string[] {
  const said: string[] = [];
  let fuel = FUEL;
  let step = 0;
  const spend = (): void => {
    if (--fuel < 0) throw new Spent();
  };
  const next = (set: number): readonly [number, number, number] => {
    spend();
    said.push(`waits for ${set}`);
    step++;
    return [step % 7, step * 3, step % 5];
  };
  const binary = withModule(text, (module) => module.emitBinary()) as Uint8Array<ArrayBuffer>;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary), {
    host: { note: (value: number) => (spend(), said.push(`notes ${value}`)), burn: spend },
    $root: {
      "[backpressure-inc]": () => undefined,
      "[backpressure-dec]": () => undefined,
      "[waitable-set-wait]": (set: number, ptr: number) => {
        const [code, ...event] = next(set);
        new Uint32Array((exports["memory"] as WebAssembly.Memory).buffer, ptr, 2).set(event);
        return code;
      },
    },
  });
  const functions = exports as Record<string, (...args: number[]) => number>;
  try {
    let answer = functions[`[async-lift]${RUN}`]!(1);
    while (answer !== 0) {
      assert.equal(answer & 15, 2);
      answer = functions[`[callback][async-lift]${RUN}`]!(...next(answer >>> 4));
    }
    said.push("ends");
  } catch (error) {
    if (!(error instanceof Spent)) throw error;
  }
  return said;
}

test("random functions, left and entered at each wait, do what they do when they wait inside", () => {
  const property = fc.property(
    statements.map((make) => make([])),
    (body) => {
      const text = moduleOf(body);
      const suspended = suspend(text, exportNames);
      assert.ok(suspended, "these functions can be entered again");
      assert.deepEqual(told(suspended.text), told(text));
    },
  );
  fc.assert(property, { numRuns: atTier(300, 20_000), seed });
});
