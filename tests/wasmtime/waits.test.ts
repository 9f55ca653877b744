/** Commands that wait for several things, or for nothing and let others run, on Wasmtime. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { WaitStrategy } from "../../tools/compile/guest-module.js";
import { packageRoot } from "../../tools/package-root.js";
import { component, compose, runOnWasmtime } from "./components.js";
import { requireByteOrTimeout } from "./with-input.js";

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

for (const wait of ["wait", "callback"] as const) {
  test(`of two calls of one function side by side the later one returns first, ${wait}`, async () => {
    const { code, output } = await runOnWasmtime(await command("abreast", wait));
    assert.equal(code, 0, output);
  });
}

for (const { name, caller, tasks } of [
  {
    name: "a task that is called back hears that its caller gives up, and the next call is served",
    caller: "caller",
    tasks: 1,
  },
  {
    name: "two tasks of one instance: the later one answers first, and one wakes the other",
    caller: "abreast",
    tasks: 2,
  },
])
  test(name, { timeout: 60_000 }, async () => {
    const folder = join(packageRoot, "tests", "guests", "cancelling");
    const command = await component(`cancelling-${caller}`, {
      entry: join(folder, `${caller}.ts`),
      wit: join(folder, "caller.wit"),
    });
    const callee = await component(`cancelling-callee-${tasks}`, {
      wait: "callback",
      tasks,
      entry: join(folder, "callee.ts"),
      wit: join(folder, "callee.wit"),
    });
    const { code, output } = await runOnWasmtime(await compose(command, callee, `cancelling-${caller}`));
    assert.equal(code, 0, output);
  });

for (const wait of ["wait", "callback"] as const) {
  test(`input or a timeout, ${wait}: whichever comes first, and no processor time meanwhile`, async () => {
    await requireByteOrTimeout(await command("timeout", wait));
  });
}
