/**
 * What `rill run` does in a thread of its own: the main thread then hears signals
 * while a guest computes or waits for input.
 *
 * Both sides speak in these messages.
 */
import { parentPort, Worker, type TransferListItem } from "node:worker_threads";
import { ReaderGone } from "../errors/reader-gone.js";
import { CheckFailure, UserError } from "../errors/user-error.js";
import { whenLeaving } from "../processes/leaving.js";
import type { Fed } from "./connections/connected-feeds.js";
import { keepWhatArrived, type OpenOutput } from "./formats/output-file.js";

/** Errors that are thrown again in the main thread. */
const ERRORS = { UserError, CheckFailure, ReaderGone };

/** From the thread to the main thread. */
export type FromJob =
  | { readonly kind: "output"; readonly output: OpenOutput }
  | { readonly kind: "more" }
  | { readonly kind: "feed"; readonly fed: Fed }
  | { readonly kind: "done"; readonly result: unknown }
  | { readonly kind: "failed"; readonly error: keyof typeof ERRORS; readonly message: string };

/** A thread at work. */
export interface Job<T> {
  /** What it came to. Rejects with what it threw */
  readonly result: Promise<T>;
  /** Sends it something. @returns when it wants more */
  send(message: unknown): Promise<void>;
}

/**
 * Starts the module at `url` in a thread. What it has written by then is kept
 * when a signal ends this process.
 * @param feed told of what comes over connections
 */
export function startJob<T>(
  url: URL,
  data: unknown,
  transferList: TransferListItem[] = [],
  feed: (fed: Fed) => void = () => undefined,
): Job<T> {
  const worker = new Worker(url, { workerData: data, transferList });
  let wantsMore = (): void => undefined;
  let forget = (): void => undefined;
  const result = new Promise<T>((resolve, reject) => {
    worker.on("error", reject);
    worker.on("message", (message: FromJob) => {
      if (message.kind === "output")
        forget = whenLeaving(() => {
          keepWhatArrived(message.output);
        });
      else if (message.kind === "more") wantsMore();
      else if (message.kind === "feed") feed(message.fed);
      else if (message.kind === "done") resolve(message.result as T);
      else reject(new ERRORS[message.error](message.message));
    });
    worker.on("exit", () => {
      forget();
    });
  });
  const send = (message: unknown): Promise<void> =>
    new Promise((resolve) => {
      wantsMore = resolve;
      worker.postMessage(message);
    });
  return { result, send };
}

/** In the thread: tells the main thread something. */
export function tell(message: FromJob): void {
  parentPort!.postMessage(message);
}

/** In the thread: does the job, and tells how it came out. */
export async function doJob(job: () => unknown): Promise<void> {
  try {
    tell({ kind: "done", result: await job() });
  } catch (error) {
    const name = Object.keys(ERRORS).find((known) => error instanceof ERRORS[known as keyof typeof ERRORS]);
    if (name === undefined) throw error;
    tell({ kind: "failed", error: name as keyof typeof ERRORS, message: (error as Error).message });
  } finally {
    parentPort!.close();
  }
}
