/** Loops as they are written by who does not know better, on Wasmtime. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { WaitStrategy } from "../../tools/compile/guest-module.js";
import { packageRoot } from "../../tools/package-root.js";
import { component, runOnWasmtime } from "./components.js";
import { requireByteOrTimeout, runWithInput } from "./with-input.js";

const folder = join(packageRoot, "tests", "guests", "loops");

/** The component of `tests/guests/loops/NAME.ts`. */
function command(name: string, wait: WaitStrategy, world = name): Promise<string> {
  return component(`loops-${name}-${wait}`, {
    wait,
    entry: join(folder, `${name}.ts`),
    wit: join(folder, `${world}.wit`),
  });
}

for (const wait of ["wait", "callback"] as const) {
  test(`1,000 calls that answer 16 bytes fit into an arena of 512, ${wait}`, async () => {
    const { code, output } = await runOnWasmtime(await command("random", wait));
    assert.equal(code, 0, output);
  });

  test(`a loop that polls for input and a timer waits for them, ${wait}`, async () => {
    await requireByteOrTimeout(await command("byte-or-timeout", wait));
  });

  test(`one that polls until both of two timers have come goes on waiting for the other, ${wait}`, async () => {
    const { code, ticks } = await runWithInput(await command("both", wait, "byte-or-timeout"), "");
    assert.equal(code, 0, "the short one was first");
    assert.ok(ticks <= 3, `it took ${ticks * 10} ms of processor time while it waited`);
  });
}
