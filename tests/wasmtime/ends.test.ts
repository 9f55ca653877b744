/**
 * Futures, unit streams, ends inside of values and calls that overlap, between
 * two guests of this library, on Wasmtime.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { WaitStrategy } from "../../tools/compile/guest-module.js";
import { packageRoot } from "../../tools/package-root.js";
import { component, compose, out, runOnWasmtime } from "./components.js";

const guests = join(packageRoot, "tests", "guests");

/**
 * Builds the callee from its source, changed or not, composes it with its runner and runs them.
 * @returns the exit code
 */
async function outcome(
  name: string,
  change: (source: string) => string,
  wait: WaitStrategy = "wait",
): Promise<number | null> {
  const source = readFileSync(join(guests, "ends", "ends.ts"), "utf8");
  const folder = join(out, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "ends.ts"), change(source));
  const wit = join(guests, "ends", "ends.wit");
  const callee = await component(`${name}-callee`, { entry: join(folder, "ends.ts"), wit, wait });
  const runner = join(guests, "ends-runner", "ends-runner");
  const command = await component(`${name}-runner`, { entry: `${runner}.ts`, wit: `${runner}.wit`, wait });
  const { code } = await runOnWasmtime(await compose(command, callee, name));
  return code;
}

for (const wait of ["wait", "callback"] as const) {
  test(`values, futures, streams of streams and cancelled calls go from guest to guest, ${wait}`, async () => {
    assert.equal(await outcome(`ends-${wait}`, (source) => source, wait), 0);
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
    const change = (source: string): string => {
      const changed = source.replace(from, to);
      assert.notEqual(changed, source, "the mutation no longer applies");
      return changed;
    };
    assert.notEqual(await outcome(name, change), 0);
  });
}
