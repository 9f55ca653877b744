/**
 * Futures, unit streams, ends inside of values and calls that overlap, between
 * two guests of this library, on Wasmtime.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runOnWasmtime } from "./components.js";
import { composedPair } from "./composed-pair.js";

async function outcome(...pair: Parameters<typeof composedPair>): Promise<number | null> {
  const { code } = await runOnWasmtime((await composedPair(...pair)).command);
  return code;
}

for (const wait of ["wait", "callback"] as const) {
  test(`values, futures, streams of streams and cancelled calls go from guest to guest, ${wait}`, async () => {
    assert.equal(await outcome("ends", `ends-${wait}`, null, wait), 0);
  });
}

const wrong: readonly (readonly [string, string, string])[] = [
  ["ends-triples", "* 2", "* 3"],
  ["ends-sums-less", "sum += items.value", "sum = items.value"],
  ["ends-other-note", '+ "!"', '+ "?"'],
  ["ends-counts-double", "count++", "count += 2"],
];

for (const [name, from, to] of wrong) {
  test(`a callee with \`${to}\` for \`${from}\` is noticed`, async () => {
    assert.notEqual(await outcome("ends", name, (source) => source.replace(from, to)), 0);
  });
}
