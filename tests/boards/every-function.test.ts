/**
 * At night: the functions of eleven guests that people write first, and functions of values of every kind
 * with random arguments, on boards as on V8.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { layOut, loadValues } from "../../tools/c-host/item-chunks.js";
import type { Value } from "../../tools/host/values/value.js";
import { type Board, findBoard } from "../../tools/pack/board-table.js";
import { packageRoot } from "../../tools/package-root.js";
import { build, open, type TestFunction } from "../../tools/testing/testing.js";
import { exportedFunctions } from "../../tools/wit/exported-functions.js";
import { moduleWorld } from "../../tools/wit/module-world.js";
import type { FunctionType } from "../../tools/wit/model.js";
import { anyValue } from "../host/arbitrary-values.js";
import { isLong, seed } from "../tier.js";
import { type BoardCall, callNatively, callOnBoard, type CallOutcome } from "./remote-runs.js";

const microbit = findBoard("microbit");
const netduino = findBoard("netduinoplus2");

type Core = Uint8Array<ArrayBuffer>;
type Functions = Readonly<Record<string, (...args: Value[]) => Value>>;

/** A call, with the items of streams as arrays. */
interface Call {
  readonly call: string;
  readonly args: readonly unknown[];
}

function guest(path: string): Promise<Core> {
  const file = join(packageRoot, "tests", "guests", path);
  return build({ entry: `${file}.ts`, wit: `${file}.wit`, bindings: false });
}

function typeOf(core: Core, call: string): FunctionType {
  return exportedFunctions(moduleWorld("guest", core)!).get(call)!;
}

/** What a board is given for a call. */
function onBoard(core: Core, { call, args }: Call, functions: Functions): BoardCall {
  const streams = typeOf(core, call).params.flatMap(({ type }, index) => {
    if (type.kind === "stream") return [layOut(type.element!, args[index] as Value[]).items];
    return type.kind === "future" ? [layOut(type.element!, [args[index] as Value]).items] : [];
  });
  return { core, call, args: args as Value[], streams, functions };
}

/** Makes the calls on a board, all in one run, and on V8, and compares. */
async function compare(
  board: Board,
  core: Core,
  calls: readonly Call[],
  functions: Functions = {},
): Promise<void> {
  const { report, outcomes } = await callOnBoard(
    board,
    calls.map((one) => onBoard(core, one, functions)),
  );
  assert.deepEqual(report.errors, []);
  outcomes.forEach((outcome, index) => {
    check(core, calls[index]!, outcome, functions);
  });
}

/** Compares what a call came to with V8. */
function check(
  core: Core,
  { call, args }: Call,
  { result, items }: Pick<CallOutcome, "result" | "items">,
  functions: Functions,
): void {
  const { result: type } = typeOf(core, call);
  const read = (): Value[] =>
    loadValues(
      (type as { element: Parameters<typeof loadValues>[0] }).element,
      items ?? new Uint8Array(0),
      new Uint8Array(0),
    );
  const got = type?.kind === "stream" ? read() : type?.kind === "future" ? read()[0] : result;
  const expected = open(core, { functions: functions as Record<string, TestFunction> }).call(call, args);
  assert.deepEqual(got, expected, call);
}

const at = (timestamp: number, value: number): object => ({ timestamp: BigInt(timestamp), value });
const bytes = (text: string): number[] => [...Buffer.from(text)];
const samples = [0, -1, 300, 299, -2_000_000_000];
const board: Functions = { "my:gpio/board#set": () => null, "my:gpio/board#log": () => null };

/** Of the eleven: what runs on `microbit`, and what has too large tables for it. */
const FIRST: readonly (readonly [
  guest: string,
  board: Board,
  calls: readonly (readonly [string, unknown[]])[],
])[] = [
  ["mavg", microbit, [["my:mavg/filter#average", [[10, 20, 30, 30], 2]]]],
  [
    "alarm",
    microbit,
    [["my:alarm/watch#watch", [[at(0, 5), at(1, 12), at(2, 13), at(3, 5), at(4, -1)], 0, 10]]],
  ],
  ["down", microbit, [["my:down/decimate#by-ten", [Array.from({ length: 21 }, (_, i) => i)]]]],
  [
    "zigzag",
    microbit,
    [
      ["my:zigzag/codec#encode", [samples]],
      ["my:zigzag/codec#decode", [[0, 1, 218, 4, 1, 213, 212, 172, 243, 14]]],
    ],
  ],
  ["csv", microbit, [["my:csv/parser#parse", [bytes("1,-2,3\n40,5,-60\n")]]]],
  [
    "merge",
    microbit,
    [
      [
        "my:merge/join#merge",
        [
          [at(1, 1), at(4, 4)],
          [at(2, 2), at(3, 3)],
        ],
      ],
    ],
  ],
  ["gpio", microbit, [["my:gpio/app#blink", [[1, 600, 2, 700], 500]]]],
  [
    "fut",
    microbit,
    [
      ["my:fut/stats#summarize", [[1, 5, -3]]],
      ["my:fut/stats#wait-limit", [2, [1, 1, 1]]],
    ],
  ],
  [
    "lines",
    netduino,
    [
      ["my:jl/text#greet", ["Ada"]],
      ["my:jl/text#count", [["a", "b"]]],
    ],
  ],
];

if (isLong)
  for (const [name, on, calls] of FIRST)
    test(`${name} on ${on.name}`, async () => {
      const core = await guest(`first/${name}`);
      await compare(
        on,
        core,
        calls.map(([call, args]) => ({ call, args })),
        board,
      );
    });

if (isLong)
  for (const [name, on, calls] of FIRST)
    test(`${name} as C in the firmware of ${on.name}`, async () => {
      const core = await guest(`first/${name}`);
      for (const [call, args] of calls) {
        const one = { call, args };
        const outcome = await callNatively(on, onBoard(core, one, board));
        assert.deepEqual(outcome.report.errors, []);
        check(core, one, outcome, board);
      }
    });

if (isLong)
  for (const name of ["values", "wide"])
    test(`functions of ${name} with random arguments, seed ${seed}`, async () => {
      const core = await guest(`${name}/${name}`);
      const calls = [...exportedFunctions(moduleWorld("guest", core)!)].flatMap(
        ([call, { params }]): Call[] => {
          if (params.some(({ type }) => type.kind === "stream")) return [];
          return fc
            .sample(fc.tuple(...params.map(({ type }) => anyValue(type))), { seed, numRuns: 2 })
            .map((args) => ({ call, args }));
        },
      );
      // As many images as there is room for in flash, one run after the other.
      for (let first = 0; first < calls.length; first += 10)
        await compare(netduino, core, calls.slice(first, first + 10));
    });
