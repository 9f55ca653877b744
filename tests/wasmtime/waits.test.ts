/** Commands that wait for several things, or for nothing and let others run, on Wasmtime. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { WaitStrategy } from "../../tools/compile/guest-module.js";
import { packageRoot } from "../../tools/package-root.js";
import { component, runOnWasmtime } from "./components.js";

const folder = join(packageRoot, "tests", "guests", "waits");

/** The component of `tests/guests/waits/COMMAND.ts`. */
function command(name: string, wait: WaitStrategy): Promise<string> {
  return component(`${name}-${wait}`, {
    wait,
    entry: join(folder, `${name}.ts`),
    wit: join(folder, "waits.wit"),
  });
}

for (const wait of ["wait", "callback"] as const) {
  test(`a loop of poll and pause ends, ${wait}`, { timeout: 60_000 }, async () => {
    const { code, output } = await runOnWasmtime(await command("pauses", wait));
    assert.equal(code, 0, output);
  });
}
