/** Processes that judge mutants: each is sent one index after the other and answers with a verdict. */
import { fork } from "node:child_process";
import type { Verdict } from "../mutants/court.js";

/** What a process says. */
export type Answer = "ready" | Verdict;

/** What a process is sent: the index of a mutant, or that there is no more. */
export type Question = number | "no more";

/** Seconds after which a mutant is lost in a loop: others take one or two on an idle machine. */
const LIMIT_SECONDS = 240;

/** Which program they run, and how many there are. */
export interface Judges {
  readonly program: string;
  readonly args: readonly string[];
  readonly options: readonly string[];
  readonly count: number;
}

/**
 * Has all of `indices` judged.
 * @param verdict is told each answer
 * @throws Error when a process ends before it is told to
 */
export async function judgeAll(
  { program, args, options, count }: Judges,
  indices: readonly number[],
  verdict: (index: number, verdict: Verdict) => void,
): Promise<void> {
  const waiting = [...indices];
  const judge = (): Promise<void> =>
    new Promise((resolve, reject) => {
      let judged = -1;
      let isLost = false;
      let limit: NodeJS.Timeout | undefined;
      const child = fork(program, args, { execArgv: [...options, "--max-semi-space-size=64"] });
      child.on("message", (answer: Answer) => {
        clearTimeout(limit);
        if (answer !== "ready") verdict(judged, answer);
        judged = waiting.shift() ?? -1;
        limit = setTimeout(() => {
          verdict(judged, { fate: "killed", by: "" });
          isLost = true;
          child.kill();
        }, LIMIT_SECONDS * 1000);
        const question: Question = judged < 0 ? "no more" : judged;
        child.send(question);
      });
      child.on("exit", (code) => {
        clearTimeout(limit);
        if (code === 0) resolve();
        else if (isLost) judge().then(resolve, reject);
        else reject(new Error(`a judge ended with ${code} at mutant ${judged} of ${program}`));
      });
    });
  await Promise.all(Array.from({ length: Math.min(count, indices.length) }, judge));
}

/** The other side: answers each question with what `verdictOn` says. */
export function answerWith(verdictOn: (index: number) => Promise<Verdict>): void {
  const say = (answer: Answer): void => void process.send!(answer);
  process.on("message", (question: Question) => {
    if (question === "no more") {
      process.disconnect();
      return;
    }
    verdictOn(question).then(say, (error: unknown) => {
      throw error;
    });
  });
  say("ready");
}
