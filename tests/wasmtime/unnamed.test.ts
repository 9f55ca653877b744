/** Streams and futures within a guest, of types that its world does not name, on Wasmtime. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { componentWit } from "#wasm-tools";
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
  const source = readFileSync(join(guests, "unnamed", "unnamed.ts"), "utf8");
  const folder = join(out, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "unnamed.ts"), change(source));
  const wit = join(guests, "unnamed", "unnamed.wit");
  const callee = await component(`${name}-callee`, { entry: join(folder, "unnamed.ts"), wit, wait });
  const runner = join(guests, "unnamed-runner", "unnamed-runner");
  const command = await component(`${name}-runner`, { entry: `${runner}.ts`, wit: `${runner}.wit`, wait });
  assert.doesNotMatch(await componentWit(readFileSync(callee)), /import|as-rill/);
  assert.doesNotMatch(await componentWit(readFileSync(command)), /as-rill/);
  const { code } = await runOnWasmtime(await compose(command, callee, name));
  return code;
}

for (const wait of ["wait", "callback"] as const) {
  test(`streams and futures of every number, and of none, ${wait}`, async () => {
    assert.equal(await outcome(`unnamed-${wait}`, (source) => source, wait), 0);
  });
}

test("a callee that loses an item is noticed", async () => {
  const change = (source: string): string => {
    const changed = source.replace("total += reader.value", "total = reader.value");
    assert.notEqual(changed, source, "the mutation no longer applies");
    return changed;
  };
  assert.notEqual(await outcome("unnamed-loses", change), 0);
});
