/**
 * The thread that writes the items of a program of the C host, and feeds it from connections: it may wait for
 * a reader, or a broker, while the main thread hears signals.
 */
import { parentPort, workerData } from "node:worker_threads";
import { ConnectedFeeds, type ConnectedFeed, type Rest } from "./connections/connected-feeds.js";
import { ConnectionLost, GuestWire } from "./connections/guest-wire.js";
import type { WireEnd } from "./connections/wire.js";
import { ItemDecoder } from "./item-bytes.js";
import { openOutput } from "./open-output.js";
import type { RunInput, RunOutput } from "./run-plan.js";
import { doJob, tell } from "./worker-job.js";

/** What the thread is to do. */
export interface WriteJob {
  readonly output: RunOutput;
  /** Of all guests. */
  readonly inputs: readonly RunInput[];
  readonly feeds: readonly ConnectedFeed[];
  /** Null when nothing is connected. */
  readonly wire: WireEnd | null;
}

/**
 * To the thread: items' bytes as they come; how far the guests are; the descriptor of a line whose items have
 * been taken; and at last whether the items are a result.
 */
export type ToWriter = Uint8Array | Rest | number | "close" | "discard";

const { output, inputs, feeds, wire: end } = workerData as WriteJob;
const queue: (ToWriter | "arrived")[] = [];
let wake = (): void => undefined;

function put(message: ToWriter | "arrived"): void {
  queue.push(message);
  wake();
}

await doJob(async () => {
  parentPort!.on("message", put);
  const wire = end === null ? null : new GuestWire(end);
  wire?.onArrival(() => {
    put("arrived");
  });
  const elementType = output.kind === "items" ? output.elementType : null;
  const file = output.kind === "items" ? output.file : null;
  const writer =
    file === null
      ? null
      : openOutput(file, wire, inputs, (opened) => {
          tell({ kind: "output", output: opened });
        });
  const connected =
    wire &&
    new ConnectedFeeds(wire, feeds, (fed) => {
      tell({ kind: "feed", fed });
    });
  const decoder = new ItemDecoder(elementType);
  let written = 0;
  let rest: Rest | null = null;
  try {
    for (;;) {
      connected?.pump();
      const message = await next();
      if (message === "discard") return writer?.discard();
      if (message === "close") break;
      if (message instanceof Uint8Array)
        for (const items of decoder.push(message)) {
          writer?.write(items);
          written += items.length;
        }
      else if (typeof message === "number") connected?.taken(message);
      else if (message !== "arrived") rest = message;
      // It was told behind the items, which come another way.
      if (rest !== null && rest.out <= written) {
        connected?.rest(rest);
        rest = null;
      }
      if (message !== "arrived") tell({ kind: "more" });
    }
    writer?.close();
    wire?.finish();
  } catch (error) {
    if (error instanceof ConnectionLost) writer?.keep();
    else writer?.discard();
    throw error;
  } finally {
    end?.port.close();
  }
});

async function next(): Promise<ToWriter | "arrived"> {
  while (queue.length === 0) await new Promise<void>((resolve) => (wake = resolve));
  return queue.shift()!;
}
