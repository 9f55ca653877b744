/** Starts programs such that none of them outlives this process. */
import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { whenLeaving } from "./leaving.js";

/** How a program is started, beside what `spawn` takes. */
export interface StartOptions extends SpawnOptions {
  /** Milliseconds that it has between SIGTERM and SIGKILL: more than those that it gives its own children. */
  readonly graceMs?: number;
}

/** Enough for a compiler to remove its own files. */
const GRACE_MS = 100;

/**
 * `spawn`, in a process group of its own, so that whoever ends it ends its children, too. A program with our
 * terminal stays in our group: it would be stopped when it reads.
 */
export function startProcess(
  command: string,
  args: readonly string[],
  options: StartOptions = {},
): ChildProcess {
  const { graceMs = GRACE_MS, ...rest } = options;
  const ownGroup = process.platform !== "win32" && rest.stdio !== "inherit";
  const child = spawn(command, args, { ...rest, detached: ownGroup });
  const forget = whenLeaving(() => {
    endProcess(child, "SIGTERM");
    pause(graceMs);
    endProcess(child, "SIGKILL");
  });
  child.once("exit", forget);
  child.once("error", forget);
  return child;
}

/** Sends `signal` to a started process and to all that it has started in its group. */
export function endProcess(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    child.kill(signal); // without a group of its own
  }
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
