/** Runs a compiled spec in a thread of its own, with a limit of time for each test. */
import { Worker } from "node:worker_threads";
import type { TestResult } from "./aspect-host.js";

/** What the thread is given. */
export interface SpecWork {
  readonly binary: Uint8Array;
  /** Pattern of the names of the tests that run; null for all. */
  readonly names: string | null;
}

/** What it says. */
export type FromSpec =
  | { readonly kind: "begins"; readonly path: readonly string[] }
  | { readonly kind: "ends"; readonly result: TestResult };

/**
 * Runs all tests; one that takes longer than `seconds` has failed, and those behind it do not run.
 * @returns how each ended
 */
export function runSpec(work: SpecWork, seconds: number): Promise<TestResult[]> {
  const worker = new Worker(new URL("./spec-worker.js", import.meta.url), { workerData: work });
  const results: TestResult[] = [];
  return new Promise((resolve, reject) => {
    let running: readonly string[] = [];
    const tooLong = (): void => {
      const message = `still running after ${seconds} s (--timeout): a loop without end? The tests behind it were not run`;
      results.push({
        path: running.length > 0 ? running : ["the file itself"],
        outcome: "failed",
        message,
        logs: [],
      });
      void worker.terminate();
    };
    let timer = setTimeout(tooLong, seconds * 1000);
    worker.on("message", (said: FromSpec) => {
      if (said.kind === "ends") results.push(said.result);
      if (said.kind !== "begins") return;
      running = said.path;
      clearTimeout(timer);
      timer = setTimeout(tooLong, seconds * 1000);
    });
    worker.on("error", reject);
    worker.on("exit", () => {
      clearTimeout(timer);
      resolve(results);
    });
  });
}
