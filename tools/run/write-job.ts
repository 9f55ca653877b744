/**
 * The thread that writes the items of a guest on WAMR: it may wait for a reader
 * while the main thread hears signals.
 */
import { parentPort, workerData } from "node:worker_threads";
import { ItemWriter } from "./formats/item-writer.js";
import { ItemDecoder } from "./item-bytes.js";
import type { ItemFile } from "./run-plan.js";
import { doJob, tell } from "./worker-job.js";

/** To the thread: items' bytes as they come, and at last whether they are a result. */
export type ToWriter = Uint8Array | "close" | "discard";

const { path, elementType, format } = workerData as ItemFile;

await doJob(async () => {
  const writer = new ItemWriter(path, elementType, format);
  tell({ kind: "output", output: writer.open });
  const decoder = new ItemDecoder(elementType);
  try {
    for (;;) {
      const message = await nextMessage();
      if (message === "close") return writer.close();
      if (message === "discard") return writer.discard();
      for (const items of decoder.push(message)) writer.write(items);
      tell({ kind: "more" });
    }
  } catch (error) {
    writer.discard();
    throw error;
  }
});

function nextMessage(): Promise<ToWriter> {
  return new Promise((resolve) => parentPort!.once("message", resolve));
}
