/** A command that stays and waits for changes, as a process of its own. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";

const started: ChildProcess[] = [];

/** Ends those that still run. */
export function endWatches(): void {
  for (const child of started) child.kill("SIGKILL");
}

/** A watch, and what it has said on standard error. */
export class Watch {
  private said = "";
  private readonly child: ChildProcess;
  private heard: () => void = () => undefined;

  constructor(args: readonly string[]) {
    this.child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
    started.push(this.child);
    this.child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.said += text;
      this.heard();
    });
    this.child.on("exit", () => {
      this.heard();
    });
  }

  /** Waits for the end of a build. @returns what was said of it */
  async built(): Promise<string> {
    const end = "rill: waiting for a change\n";
    while (!this.said.includes(end)) {
      assert.equal(this.child.exitCode ?? this.child.signalCode, null, this.said);
      await new Promise<void>((resolve) => (this.heard = resolve));
    }
    const at = this.said.indexOf(end);
    const told = this.said.slice(0, at);
    this.said = this.said.slice(at + end.length);
    return told;
  }

  /** Ends it as Ctrl-C does. @returns the signal that it ended by, as a shell sees it */
  async interrupt(): Promise<NodeJS.Signals | null> {
    const ended = new Promise<NodeJS.Signals | null>((resolve) => {
      this.child.on("exit", (_, signal) => {
        resolve(signal);
      });
    });
    this.child.kill("SIGINT");
    return ended;
  }
}
