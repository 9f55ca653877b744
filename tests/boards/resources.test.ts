/** Resources of the computer's, in the hands of a guest on a board: numbers stand for them there. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import type { Value } from "../../tools/host/values/value.js";
import { packageRoot } from "../../tools/package-root.js";
import { findBoard } from "../../tools/pack/board-table.js";
import { build } from "../../tools/testing/testing.js";
import { type BoardCall, callOnBoard } from "./remote-runs.js";

const board = findBoard("microbit");
const BUS = "my:bus/board";
let core: Uint8Array<ArrayBuffer>;

before(async () => {
  const bus = join(packageRoot, "tests", "guests", "bus", "bus");
  core = await build({ entry: `${bus}.ts`, wit: `${bus}.wit`, bindings: false, arenaBytes: 256 });
});

/** A port is its number. */
const functions: NonNullable<BoardCall["functions"]> = {
  [`${BUS}#[constructor]port`]: (number) => number,
  [`${BUS}#[constructor]lock`]: () => 99,
  [`${BUS}#[method]port.write`]: (port, byte) => (port as number) + (byte as number),
  [`${BUS}#[method]port.later`]: (port, byte) => (port as number) + (byte as number),
  [`${BUS}#[static]port.open`]: (name) =>
    name === "" ? { error: "no name" } : { ok: (name as string).length },
  [`${BUS}#pair`]: () => [3, { some: 4 }],
  [`${BUS}#join`]: (ports) => (ports as readonly number[]).reduce((sum, port) => sum + port, 0),
  [`${BUS}#look`]: (port, other) => (port as number) + ((other as { some: number } | null)?.some ?? 0),
};

function call(name: string, args: readonly Value[] = [], dropped: Value[] = []): BoardCall {
  return { core, name, call: `my:bus/app#${name}`, args, functions, dropped };
}

test("made, borrowed, lent to an async function, in lists and options, passed on, answered, dropped", async () => {
  const dropped: Value[] = [];
  const { report, outcomes } = await callOnBoard(board, [call("all", [2], dropped), call("refused")]);
  assert.deepEqual(report.errors, []);
  assert.deepEqual(
    outcomes.map(({ result }) => result),
    [3889, "no name"],
  );
  assert.deepEqual(dropped, [9, 6]);
});

test("what is no handle ends the guest, and the next one runs", async () => {
  const never = (): Value => new Promise<never>(() => undefined) as unknown as Value;
  const lent = { ...call("lent"), functions: { ...functions, [`${BUS}#[method]port.later`]: never } };
  const { report, outcomes } = await callOnBoard(board, [
    lent,
    call("other"),
    call("twice"),
    call("refused"),
  ]);
  assert.deepEqual(
    report.errors.map(({ text }) => text),
    Array.from({ length: 3 }, () => "Exception: refused by the computer"),
  );
  assert.deepEqual(
    outcomes.map(({ trap }) => trap),
    [
      "a handle of port is given up while a call borrows it",
      "a handle of resource lock where one of port was expected",
      "handle 1 is not in use; a resource was expected",
      null,
    ],
  );
  assert.equal(outcomes[3]!.result, "no name");
});
