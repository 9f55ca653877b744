/** Streams and futures within a guest, of types that its world does not name, on Wasmtime. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { componentWit } from "#wasm-tools";
import { runOnWasmtime } from "./components.js";
import { composedPair } from "./composed-pair.js";

async function outcome(...pair: Parameters<typeof composedPair>): Promise<number | null> {
  const { callee, runner, command } = await composedPair(...pair);
  assert.doesNotMatch(await componentWit(readFileSync(callee)), /import|as-rill/);
  assert.doesNotMatch(await componentWit(readFileSync(runner)), /as-rill/);
  const { code } = await runOnWasmtime(command);
  return code;
}

for (const wait of ["wait", "callback"] as const) {
  test(`streams and futures of every number, and of none, ${wait}`, async () => {
    assert.equal(await outcome("unnamed", `unnamed-${wait}`, null, wait), 0);
  });
}

test("a callee that loses an item is noticed", async () => {
  const change = (source: string): string => source.replace("total += reader.value", "total = reader.value");
  assert.notEqual(await outcome("unnamed", "unnamed-loses", change), 0);
});
