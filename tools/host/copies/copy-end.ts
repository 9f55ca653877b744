/**
 * The guest's ends of streams and futures: handles that copies are started on.
 *
 *     IDLE -- read, write ---> COPYING -- cancel, not settled at once --> CANCELLING_COPY
 *      ^                          |                                            |
 *      |                          +-------------- event delivered -------------+
 *      +---- COMPLETED (stream), CANCELLED -------+-------> DONE (DROPPED; COMPLETED of a future)
 *
 * Spec: CanonicalABI.md, `CopyEnd`
 */
import type { SharedCopy } from "./shared-copy.js";
import type { SharedFuture } from "./shared-future.js";
import type { SharedStream } from "./shared-stream.js";
import { trapIf } from "../values/trap.js";
import { Waitable } from "../tasks/waitable.js";

/** State of an end; drawn at the top of this file. */
export type CopyState = "idle" | "copying" | "cancelling-copy" | "done";

/** One end of a stream or future in a guest's handle table. */
export abstract class CopyEnd<Shared extends SharedCopy = SharedCopy> extends Waitable {
  /** Where the end is in the drawing at the top of this file. */
  state: CopyState = "idle";

  constructor(readonly shared: Shared) {
    super();
  }

  /** Whether a copy is in flight, cancelled or not. */
  get copying(): boolean {
    return this.state === "copying" || this.state === "cancelling-copy";
  }

  /** Traps: a copy is in flight */
  drop(): void {
    trapIf(this.copying, "an end is dropped while its copy is in flight; cancel it or take its event first");
    this.shared.drop();
    this.leave();
  }
}

/** The end that a guest reads a stream from. */
export class ReadableStreamEnd extends CopyEnd<SharedStream> {
  override drop(): void {
    const isWritten = !this.shared.dropped;
    super.drop();
    this.shared.isUnread = isWritten;
  }
}

/** The end that a guest writes a stream to. */
export class WritableStreamEnd extends CopyEnd<SharedStream> {}

/** The end that a guest reads a future from. */
export class ReadableFutureEnd extends CopyEnd<SharedFuture> {}

/** The end that a guest writes a future to; it must be written before it is dropped. */
export class WritableFutureEnd extends CopyEnd<SharedFuture> {
  /** Traps: the future was not written and its reader is still there; a copy is in flight */
  override drop(): void {
    trapIf(this.state !== "done", "a future's writable end is dropped before the future is written");
    super.drop();
  }
}
