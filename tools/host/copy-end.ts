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
import { trapIf } from "./trap.js";
import { Waitable } from "./waitable.js";

export type CopyState = "idle" | "copying" | "cancelling-copy" | "done";

/** One end of a stream or future in a guest's handle table. */
export abstract class CopyEnd<Shared extends SharedCopy = SharedCopy> extends Waitable {
  state: CopyState = "idle";

  constructor(readonly shared: Shared) {
    super();
  }

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

export class ReadableStreamEnd extends CopyEnd<SharedStream> {}

export class WritableStreamEnd extends CopyEnd<SharedStream> {}

export class ReadableFutureEnd extends CopyEnd<SharedFuture> {}

export class WritableFutureEnd extends CopyEnd<SharedFuture> {
  /** Traps: the future was not written and its reader is still there; a copy is in flight */
  override drop(): void {
    trapIf(this.state !== "done", "a future's writable end is dropped before the future is written");
    super.drop();
  }
}
