import { MAX_COPY_LENGTH } from "./copy-buffer.js";
import { HostEnd, type HostCopy } from "./host-end.js";
import type { HostActivity, CopyPolicy } from "../tasks/host-loop.js";
import type { Items } from "./items.js";
import { CopyResult } from "./shared-copy.js";
import type { SharedStream } from "./shared-stream.js";

/** Where a stream's items go. */
export interface PushSink {
  /**
   * Takes items in the order in which the guest wrote them.
   * @returns false to take no more: the stream is dropped
   */
  push(items: Items): boolean;
  /** How many items may come next, at least 1; without it any number. */
  room?(): number;
  /** Whether it takes any now; without it always. */
  ready?(): boolean;
  /** Told that no more items come. */
  over?(): void;
}

/**
 * A stream that a guest writes and the host reads into a sink.
 *
 * With the policy `ready` a write is taken at once; with `blocking` it first answers BLOCKED and
 * completes when the host's loop comes round.
 */
export class StreamSink implements HostActivity {
  /** Items that came. */
  itemCount = 0;
  /** No more items come: the guest dropped its end, or the sink wanted no more. */
  ended = false;
  private readonly end: HostEnd;

  constructor(
    readonly shared: SharedStream,
    private readonly sink: PushSink,
    policy: CopyPolicy,
  ) {
    this.end = new HostEnd(shared);
    this.end.onEvent = () => {
      this.settle(this.end.takeEvent());
    };
    shared.listeners.push({
      onPending: () => {
        if (policy === "ready") this.progress();
      },
      onDropped: () => {
        if (this.end.state === "idle") this.close();
      },
    });
    if (shared.dropped) this.close();
    else if (policy === "ready") this.progress();
  }

  /** The guest has handed on an end that the host writes to: the host passes the items on by itself. */
  get isFlowing(): boolean {
    return this.shared.isHostWritten && !this.ended;
  }

  /** Takes what a waiting write has, or asks the host for it. @returns false when nothing was done */
  progress(): boolean {
    if (this.end.state !== "idle" || this.sink.ready?.() === false) return false;
    if (this.shared.awaited === null && !this.isFlowing) return false;
    const copy = this.end.read(this.sink.room?.() ?? MAX_COPY_LENGTH);
    if (copy !== null) this.settle(copy);
    return true;
  }

  private settle({ result, progress, received }: HostCopy): void {
    this.itemCount += progress;
    const wantsMore = received.map((items) => this.sink.push(items)).every(Boolean);
    if (result === CopyResult.DROPPED || !wantsMore) this.close();
  }

  /** Takes no more: the stream is dropped. */
  leave(): void {
    if (!this.ended) this.close();
  }

  private close(): void {
    this.ended = true;
    this.sink.over?.();
    if (this.end.state !== "copying") this.end.drop();
  }
}
