/** Commands that wait for several things, or for nothing and let others run, on Wasmtime. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { wasmtime } from "../../tools/setup/wheels.js";
import type { WaitStrategy } from "../../tools/compile/guest-module.js";
import { packageRoot } from "../../tools/package-root.js";
import { component, compose, pathOf, runOnWasmtime } from "./components.js";

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

test("a task that is called back hears that its caller gives up, and the next call is served", async () => {
  const built = (name: string, wait: WaitStrategy): Promise<string> => {
    const base = join(packageRoot, "tests", "guests", "cancelling", name);
    return component(`cancelling-${name}`, { wait, entry: `${base}.ts`, wit: `${base}.wit` });
  };
  const [caller, callee] = [await built("caller", "wait"), await built("callee", "callback")];
  const { code, output } = await runOnWasmtime(await compose(caller, callee, "cancelling"));
  assert.equal(code, 0, output);
});

/** Processor time that a process has taken, in hundredths of a second. */
function ticksOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

/**
 * Runs a command whose standard input stays open, with `input` in it.
 * @returns its exit code, and the ticks that 300 ms of waiting took
 */
async function runWithInput(path: string, input: string): Promise<{ code: number; ticks: number }> {
  const args = ["run", "-W", "component-model-async=y", "-S", "p3=y", path];
  const child = spawn(pathOf(await wasmtime()), args, { stdio: ["pipe", "ignore", "inherit"] });
  const ended = new Promise<number>((resolve) => child.on("exit", (code) => resolve(code ?? -1)));
  child.stdin.write(input);
  let ticks = 0;
  if (input === "" && process.platform === "linux") {
    await setTimeout(100);
    const before = ticksOf(child.pid!);
    await setTimeout(300);
    ticks = ticksOf(child.pid!) - before;
  }
  const code = await ended;
  child.stdin.destroy();
  return { code, ticks };
}

for (const wait of ["wait", "callback"] as const) {
  test(`input or a timeout, ${wait}: whichever comes first, and no processor time meanwhile`, async () => {
    const path = await command("timeout", wait);
    assert.equal((await runWithInput(path, "x")).code, 0, "the byte came first");
    const started = Date.now();
    const { code, ticks } = await runWithInput(path, "");
    assert.equal(code, 1, "the timeout came first");
    assert.ok(Date.now() - started >= 500, "it waited for half a second");
    assert.ok(ticks <= 3, `it took ${ticks * 10} ms of processor time while it waited`);
  });
}
