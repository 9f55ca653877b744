/** Items of a file for a guest that is given them one by one: a feeder reads it (feed.ts). */
import type { ChildProcess } from "node:child_process";
import { UserError } from "../../errors/user-error.js";
import type { Value } from "../../host/values/value.js";
import { endProcess } from "../../processes/start-process.js";
import type { Feed } from "../feed.js";
import { ItemDecoder } from "../item-bytes.js";
import { startFeeder } from "../start-feeder.js";
import type { Pulled } from "./held-items.js";

/** The items of one file. */
export class FedItems implements Pulled {
  /** Items that the guest has taken. */
  taken = 0;
  /** Whether it waits for one. */
  isAwaited = false;
  private readonly feeder: ChildProcess;
  private readonly items: AsyncGenerator<Value, null>;

  /** Starts the feeder. */
  constructor(feed: Feed) {
    this.feeder = startFeeder(feed, "pipe");
    this.items = this.read(feed);
  }

  async next(): Promise<{ readonly item: Value } | null> {
    this.isAwaited = true;
    const { done, value } = await this.items.next();
    this.isAwaited = false;
    if (done === true) return null;
    this.taken++;
    return { item: value };
  }

  leave(): void {
    endProcess(this.feeder, "SIGKILL");
  }

  private async *read({ elementType }: Feed): AsyncGenerator<Value, null> {
    const { stdout, stderr } = this.feeder;
    let complaint = "";
    stderr!.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => this.feeder.once("close", resolve));
    const decoder = new ItemDecoder(elementType);
    for await (const chunk of stdout!)
      for (const items of decoder.push(chunk as Buffer)) yield* items.values();
    if ((await ended) === 2) throw new UserError(complaint);
    return null;
  }
}
