/** A test program that mutants are shown to: server.c, linked with it, shows it one after the other. */
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { endProcess, startProcess } from "../../tools/processes/start-process.js";

/** What sanitizers need not do when all that is asked is whether they complain. */
const quiet = "symbolize=0:detect_leaks=0:print_stats=0:print_legend=0";

/** A program that waits to be shown mutants. */
export class WitnessServer {
  private readonly child: ChildProcess;
  private readonly answers: AsyncIterator<string>;

  /** @param args the test program's own */
  constructor(program: string, args: readonly string[]) {
    const env = { ...process.env, ASAN_OPTIONS: quiet, UBSAN_OPTIONS: "print_stacktrace=0" };
    this.child = startProcess(program, args, { env, stdio: ["pipe", "pipe", "inherit"] });
    this.answers = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  /**
   * Runs the program with a mutant on.
   * @param number the mutant's; 0 for none
   * @param from   the file that it reads from
   * @param to     the file that it writes to
   * @returns whether it ended as a program that has found nothing does
   */
  async isContent(number: number, from: string, to: string): Promise<boolean> {
    this.child.stdin!.write(`${number} ${from} ${to}\n`);
    const { value, done } = await this.answers.next();
    if (done) throw new Error("the server of a test program has ended");
    return value === "0";
  }

  close(): void {
    endProcess(this.child, "SIGTERM");
  }
}
