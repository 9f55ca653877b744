/** Runs mutants over a few threads. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Verdict } from "./court.js";
import { allMutants, type Mutant } from "./mutants.js";
import type { Message } from "./worker.js";

/** What became of every mutant, by its key. */
export type Verdicts = ReadonlyMap<string, Verdict>;

/** Seconds after which unit specs count as failed: a loop without an end. They take milliseconds. */
const LIMIT_SECONDS = 60;
/** MiB of young objects of a thread: asc makes many, and V8 collects them often in less. */
const YOUNG_OBJECTS_MB = 192;

/**
 * @param progress hears of each mutant that is done
 * @param keys     of the mutants to run
 */
export async function runMutants(
  keys: ReadonlySet<string>,
  progress: (done: number, of: number) => void = () => undefined,
): Promise<Verdicts> {
  const mutants = allMutants();
  const waiting = [...mutants.keys()].filter((index) => keys.has(mutants[index]!.key));
  const all = waiting.length;
  const verdicts = new Map<string, Verdict>();
  const note = ({ key }: Mutant, verdict: Verdict): void => {
    verdicts.set(key, verdict);
    progress(verdicts.size, all);
  };
  const threads = Math.min(availableParallelism(), Math.ceil(all / 8));
  await Promise.all(
    Array.from({ length: threads }, (_, index) => thread(mutants, waiting, note, index === 0)),
  );
  return new Map(mutants.flatMap(({ key }) => (verdicts.has(key) ? [[key, verdicts.get(key)!]] : [])));
}

/**
 * One thread after another, until nothing is waiting: one whose specs do not end
 * is ended, and another goes on.
 * @param looks whether the first one sees to it that no witness complains of the library as it is
 */
async function thread(
  mutants: readonly Mutant[],
  waiting: number[],
  note: (mutant: Mutant, verdict: Verdict) => void,
  looks: boolean,
): Promise<void> {
  while (waiting.length > 0) {
    const workerData = looks ? "looks at witnesses" : null;
    looks = false;
    await new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL("./worker.js", import.meta.url), {
        workerData,
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_OBJECTS_MB },
      });
      let limit: NodeJS.Timeout | undefined;
      let judged: Mutant | undefined;
      worker.on("error", reject);
      worker.on("message", (message: Message) => {
        clearTimeout(limit);
        if (message === "tests end") return;
        if (message === "tests begin") {
          const late = judged;
          limit = setTimeout(() => {
            if (late) note(late, { fate: "killed", by: "" });
            void worker.terminate();
          }, LIMIT_SECONDS * 1000);
          return;
        }
        if (message !== "ready") note(judged!, message);
        const index = waiting.shift();
        judged = index === undefined ? undefined : mutants[index]!;
        worker.postMessage(index ?? null);
      });
      worker.on("exit", () => {
        clearTimeout(limit);
        resolve();
      });
    });
  }
}
