/**
 * The command line for tests that type many commands: one process takes them one after the other. A process
 * of its own for each would load the compilers anew, which takes most commands longer than their work.
 */
import { type ChildProcess, fork } from "node:child_process";
import { fstatSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../tools/package-root.js";
import type { Outcome } from "./rill.js";

/** What the process is asked for. */
export interface Typed {
  readonly args: readonly string[];
  readonly cwd: string;
}

/** An outcome, and both outputs behind each other. */
export interface Served extends Outcome {
  readonly code: number;
  readonly output: string;
}

/** The process, and the files without a name that are its outputs. */
interface Server {
  readonly child: ChildProcess;
  readonly stdout: number;
  readonly stderr: number;
}

let server: Server | undefined;
let last: Promise<unknown> = Promise.resolve();

/** Runs `rill` with `args`, in `cwd`. */
export function servedRill(args: readonly string[], cwd = packageRoot): Promise<Served> {
  const answer = last.then(() => ask({ args, cwd }));
  last = answer.catch(() => undefined);
  return answer;
}

async function ask(typed: Typed): Promise<Served> {
  const { child, stdout, stderr } = (server ??= start());
  child.ref();
  child.channel!.ref();
  const code = await new Promise<number>((resolve, reject) => {
    const ended = (): void => {
      server = undefined;
      reject(new Error(`rill ${typed.args.join(" ")} ended its process: ${taken(stderr)}`));
    };
    child.once("exit", ended);
    child.once("message", (answer: number) => {
      child.off("exit", ended);
      resolve(answer);
    });
    child.send(typed);
  });
  child.unref();
  child.channel!.unref();
  const [out, errors] = [taken(stdout), taken(stderr)];
  return { code, stdout: out, stderr: errors, output: out + errors };
}

/** It goes when this process does: nobody is left to ask it. */
function start(): Server {
  const folder = mkdtempSync(join(tmpdir(), "rill-served-"));
  const [stdout, stderr] = ["stdout", "stderr"].map((name) => openSync(join(folder, name), "a+")) as [
    number,
    number,
  ];
  rmSync(folder, { recursive: true });
  const child = fork(join(packageRoot, "dist", "tests", "rill-server.js"), [], {
    stdio: ["ignore", stdout, stderr, "ipc"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { child, stdout, stderr };
}

/** What was written to the file since the last time. */
function taken(file: number): string {
  const bytes = Buffer.alloc(fstatSync(file).size);
  readSync(file, bytes, 0, bytes.length, 0);
  ftruncateSync(file);
  return bytes.toString("utf8");
}
