import { HostEnd } from "./host-end.js";
import { Items } from "./items.js";
import type { HostActivity, CopyPolicy } from "../tasks/host-loop.js";
import type { ValueType } from "../../wit/model.js";
import { CopyResult } from "./shared-copy.js";
import { SharedStream } from "./shared-stream.js";

/** Where a stream's items come from. */
export interface PullSource {
  /**
   * Up to `most` items, at least one; `end` when there are no more, `later` when there are none yet.
   * Called when the guest wants items, never ahead of that.
   */
  pull(most: number): Items | "end" | "later";
}

/**
 * A stream that a guest reads and the host writes, fed by a source as the guest asks.
 *
 * With the policy `ready` a read is answered at once; with `blocking` it first answers BLOCKED and
 * completes when the host's loop comes round.
 */
export class StreamSource implements HostActivity {
  /** The stream that the two ends share. */
  readonly shared: SharedStream;
  /** Items that the guest took. */
  itemCount = 0;
  private readonly end: HostEnd;
  private rest: Items | null = null;

  constructor(
    elementType: ValueType | null,
    private readonly source: PullSource,
    policy: CopyPolicy,
  ) {
    this.shared = new SharedStream(elementType);
    this.end = new HostEnd(this.shared);
    this.end.onEvent = () => {
      this.settle(this.end.takeEvent());
    };
    this.shared.isHostWritten = true;
    this.shared.listeners.push({
      onPending: () => {
        if (policy === "ready") this.progress();
      },
      onDropped: () => {
        if (this.end.state === "idle") this.end.drop();
      },
    });
  }

  /** Gives a waiting read items, or the stream's end. @returns false when nothing was done */
  progress(): boolean {
    const { awaited } = this.shared;
    if (awaited === null || this.end.state !== "idle") return false;
    const wanted = Math.max(1, awaited.remaining);
    const items = this.rest ?? this.source.pull(wanted);
    if (items === "later") return false;
    if (items === "end") {
      this.end.drop();
      return true;
    }
    this.rest = items;
    const copy = this.end.write(items);
    if (copy !== null) this.settle(copy);
    return true;
  }

  private settle({ result, progress }: { result: CopyResult; progress: number }): void {
    this.itemCount += progress;
    const rest = this.rest!;
    this.rest = progress < rest.length ? rest.slice(progress, rest.length) : null;
    if (result === CopyResult.DROPPED) this.end.drop();
  }
}

/** A source of items that are there already. */
export function sourceOf(items: Items): PullSource {
  let next = 0;
  return {
    pull: (most) => {
      if (next === items.length) return "end";
      const first = next;
      next = Math.min(next + most, items.length);
      return items.slice(first, next);
    },
  };
}
