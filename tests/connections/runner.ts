/** `rill run` as a process of a test. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { after } from "node:test";
import { packageRoot } from "../../tools/package-root.js";

const all = new Set<Runner>();
after(() => {
  for (const { child } of all) child.kill("SIGKILL");
});

/** A run that has been started. */
export class Runner {
  /** What it has told so far. */
  stderr = "";
  stdout = Buffer.alloc(0);
  readonly child: ChildProcessWithoutNullStreams;
  private readonly closed: Promise<unknown>;

  /** @param args behind `rill run` */
  constructor(args: readonly string[], folder: string, env: NodeJS.ProcessEnv = process.env) {
    this.child = spawn(process.execPath, [join(packageRoot, "bin", "rill.js"), "run", ...args], {
      cwd: folder,
      env,
    });
    all.add(this);
    this.closed = once(this.child, "close");
    this.child.stderr.on("data", (text: Buffer) => (this.stderr += text.toString()));
    this.child.stdout.on("data", (bytes: Buffer) => (this.stdout = Buffer.concat([this.stdout, bytes])));
  }

  /** Waits until it is over. */
  async end(): Promise<{ code: number | null; signal: string | null }> {
    await this.closed;
    return { code: this.child.exitCode, signal: this.child.signalCode };
  }

  /** Waits until it has told this on stderr. */
  async tells(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.stderr);
      if (found !== null) return found;
      if (this.child.exitCode !== null) throw new Error(`rill run is over: ${this.stderr}`);
      await pause(20);
    }
  }
}

/** Waits until `holds`: for ever, if it never does, and the test is ended by its own limit. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(20);
}

/** Waits. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A run that listens, and who has connected to it. */
export async function listening(
  folder: string,
  ...args: readonly string[]
): Promise<{ runner: Runner; socket: Socket }> {
  const runner = new Runner(args, folder);
  const [, port] = await runner.tells(/listening on tcp:\/\/127\.0\.0\.1:(\d+)/);
  const socket = connect(Number(port), "127.0.0.1");
  await once(socket, "connect");
  return { runner, socket };
}
