/** Runs all mutants over a few threads. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { type Fate, allMutants } from "./fate.js";

/** What became of every mutant, by its key. */
export type Fates = ReadonlyMap<string, Fate>;

interface Answer {
  readonly index: number;
  readonly fate: Fate | null;
}

/**
 * @param progress hears of each mutant that is done
 * @param some     runs only mutants whose key holds one of these texts; all when there are none
 */
export async function runMutants(
  progress: (done: number, of: number) => void = () => undefined,
  some: readonly string[] = [],
): Promise<Fates> {
  const mutants = allMutants();
  const chosen = [...mutants.keys()].filter(
    (index) => some.length === 0 || some.some((text) => mutants[index]!.key.includes(text)),
  );
  const fates = new Map<string, Fate>();
  let next = 0;
  const thread = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL("./worker.js", import.meta.url));
      worker.on("error", reject);
      worker.on("message", ({ index, fate }: Answer) => {
        if (fate) fates.set(mutants[index]!.key, fate);
        if (fate) progress(fates.size, chosen.length);
        worker.postMessage(next < chosen.length ? chosen[next++] : null);
      });
      worker.on("exit", () => {
        resolve();
      });
    });
  await Promise.all(Array.from({ length: availableParallelism() }, thread));
  return fates;
}
