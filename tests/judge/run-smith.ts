/** Judges the first packages of wit-smith, on a thread for each processor. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { SmithVerdict, SmithWork } from "./smith-worker.js";

/** Packages that are judged when nobody says how many. */
export const PACKAGES = 500;

/**
 * @param packages how many packages of which wasm-tools reads the text
 * @returns the verdicts of all their worlds
 */
export async function runSmith(packages: number, work: SmithWork): Promise<SmithVerdict[]> {
  const found: SmithVerdict[] = [];
  const judged = new Set<number>();
  let next = 1;
  const thread = async (): Promise<void> => {
    const worker = new Worker(new URL("./smith-worker.js", import.meta.url), { workerData: work });
    try {
      while (judged.size < packages) {
        const number = next++;
        const verdicts = (await answer(worker, number)).filter(({ outcome }) => outcome !== "not WIT");
        found.push(...verdicts);
        if (verdicts.length > 0) judged.add(number);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, thread));
  // Threads may have judged a package more than was asked for.
  const last = [...judged].sort((a, b) => a - b)[packages - 1]!;
  return found.filter(({ number }) => number <= last).sort((a, b) => a.number - b.number);
}

function answer(worker: Worker, number: number): Promise<SmithVerdict[]> {
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", (verdicts: SmithVerdict[]) => {
      worker.off("error", reject);
      resolve(verdicts);
    });
    worker.postMessage(number);
  });
}
