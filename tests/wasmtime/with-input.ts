/** Runs commands whose standard input stays open, and measures what their waiting costs. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { wasmtime } from "../../tools/setup/wheels.js";
import { pathOf } from "./components.js";

/** Processor time that a process has taken, in hundredths of a second. */
function ticksOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

/**
 * Runs a command whose standard input stays open, with `input` in it.
 * @returns its exit code, and the ticks that 300 ms of waiting took
 */
export async function runWithInput(path: string, input: string): Promise<{ code: number; ticks: number }> {
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

/** A command is content with a byte of its input, and not after half a second in which it waited for one. */
export async function requireByteOrTimeout(path: string): Promise<void> {
  assert.equal((await runWithInput(path, "x")).code, 0, "the byte came first");
  const started = Date.now();
  const { code, ticks } = await runWithInput(path, "");
  assert.equal(code, 1, "the timeout came first");
  assert.ok(Date.now() - started >= 500, "it waited for half a second");
  assert.ok(ticks <= 3, `it took ${ticks * 10} ms of processor time while it waited`);
}
