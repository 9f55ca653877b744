/**
 * Eleven guests that people would write first, from `docs/` alone: they build, and do what their WIT says.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";
import { LATER, type TestFunction, after, build, open } from "../../tools/testing/testing.js";
import type { Value } from "../../tools/host/values/value.js";

const folder = join(packageRoot, "tests", "guests", "first");

/** A call of a guest: the function, its arguments, and what comes back. */
type Call = readonly [name: string, args: readonly unknown[], result: unknown];

/** The calls of one guest, which is built once. */
function guest(name: string, calls: readonly Call[], functions: Record<string, TestFunction> = {}): void {
  test(name, async () => {
    const file = join(folder, name);
    const core = await build({ entry: `${file}.ts`, wit: `${file}.wit`, bindings: false });
    for (const copies of ["ready", "blocking"] as const)
      for (const [target, args, result] of calls)
        assert.deepEqual(open(core, { copies, functions }).call(target, args as Value[]), result, target);
  });
}

const at = (timestamp: number, value: number): object => ({ timestamp: BigInt(timestamp), value });
const bytes = (text: string): number[] => [...Buffer.from(text)];

guest("mavg", [["my:mavg/filter#average", [[10, 20, 30, 30], 2], [10, 15, 25, 30]]]);
guest("alarm", [
  [
    "my:alarm/watch#watch",
    [[at(0, 5), at(1, 12), at(2, 13), at(3, 5), at(4, -1)], 0, 10],
    [
      { ...at(1, 12), kind: "high" },
      { ...at(3, 5), kind: "cleared" },
      { ...at(4, -1), kind: "low" },
    ],
  ],
]);
guest("down", [["my:down/decimate#by-ten", [Array.from({ length: 21 }, (_, i) => i)], [0, 10, 20]]]);
const samples = [0, -1, 300, 299, -2_000_000_000];
const coded = [0, 1, 218, 4, 1, 213, 212, 172, 243, 14];
guest("zigzag", [
  ["my:zigzag/codec#encode", [samples], coded],
  ["my:zigzag/codec#decode", [coded], samples],
]);
guest("csv", [
  [
    "my:csv/parser#parse",
    [bytes("1,-2,3\n40,5,-60\n")],
    [
      { time: 1, x: -2, y: 3 },
      { time: 40, x: 5, y: -60 },
    ],
  ],
]);
const [left, right] = [
  [at(1, 1), at(4, 4)],
  [at(2, 2), at(3, 3)],
];
guest("merge", [["my:merge/join#merge", [left, right], [at(1, 1), at(2, 2), at(3, 3), at(4, 4)]]]);
const board: Record<string, TestFunction> = {
  "my:gpio/board#set": () => undefined,
  "my:gpio/board#log": (text) => assert.match(String(text), /^above: \d+$/) as undefined,
};
guest("gpio", [["my:gpio/app#blink", [[1, 600, 2, 700], 500], 2]], board);
guest("lines", [
  ["my:jl/text#upper", [["ab", "cd"]], ["AB", "CD"]],
  ["my:jl/text#words", [["a bc", "d"]], ["a", "bc", "d"]],
  ["my:jl/text#greet", ["Ada"], "Hello, Ada!"],
  ["my:jl/text#count", [["a", "b"]], 2],
]);
guest("fut", [
  ["my:fut/stats#summarize", [[1, 5, -3]], { count: 3, minimum: -3, maximum: 5, mean: 1 }],
  ["my:fut/stats#wait-limit", [2, [1, LATER, 1, LATER, LATER, 1]], 2],
]);
const late = new Array<typeof LATER>(60).fill(LATER);
guest("tmo", [["my:tmo/app#gather", [[1, 2, ...late, 3]], 2]], { "my:tmo/clock#wait-for": () => after(20) });

test("res", async () => {
  const file = join(folder, "res");
  const core = await build({ entry: `${file}.ts`, wit: `${file}.wit`, bindings: false });
  const filters = open(core);
  const filter = filters.call("my:res/filters#[constructor]lowpass", [1]);
  assert.equal(filters.call("my:res/filters#[method]lowpass.push", [filter, 10]), 5);
  assert.deepEqual(filters.call("my:res/filters#[method]lowpass.filter", [filter, [10, 10]]), [7, 9]);
});
