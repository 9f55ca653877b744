import { HostReadableBuffer, HostWritableBuffer } from "./copy-buffer.js";
import type { Items } from "./items.js";
import { CopyResult, type CopyObserver, type SharedCopy } from "./shared-copy.js";
import { SharedFuture } from "./shared-future.js";

/** What a copy of the host's came to. */
export interface HostCopy {
  readonly result: CopyResult;
  /** Elements that moved. */
  readonly progress: number;
  /** Of a read: what came, in order. */
  readonly received: readonly Items[];
}

/**
 * The host's end of a stream or future: what another component would hold that uses the async built-ins.
 *
 * A read or write answers at once, or `null` (BLOCKED) and has an event later. Until the event is taken the
 * end is busy and the other end may go on moving elements.
 */
export class HostEnd {
  /** `idle`, `copying`, or `done`: DROPPED was delivered, or a future's COMPLETED. */
  state: "idle" | "copying" | "done" = "idle";
  /** Called when the end has an event: the copy of a BLOCKED read or write came to something. */
  onEvent: (() => void) | null = null;
  private event: (() => HostCopy) | null = null;

  constructor(readonly shared: SharedCopy) {}

  /** There is an event to take. */
  get hasEvent(): boolean {
    return this.event !== null;
  }

  /** Reads up to `length` elements; with `eager` the buffer is given up at the first of them. */
  read(length: number, eager = false): HostCopy | null {
    const buffer = new HostWritableBuffer(this.shared.elementType, length);
    return this.start(
      eager,
      (observer) => {
        this.shared.read(null, buffer, observer);
      },
      (result) => ({
        result,
        progress: buffer.progress,
        received: buffer.received,
      }),
    );
  }

  /** Writes elements; with `eager` the rest is given up when the first have gone. */
  write(items: Items, eager = false): HostCopy | null {
    const buffer = new HostReadableBuffer(items);
    return this.start(
      eager,
      (observer) => {
        this.shared.write(null, buffer, observer);
      },
      (result) => ({
        result,
        progress: buffer.progress,
        received: [],
      }),
    );
  }

  /** Takes the event, which there must be. */
  takeEvent(): HostCopy {
    const { event } = this;
    if (event === null) throw new Error("the host's end has no event");
    this.event = null;
    return event();
  }

  /** Ends the copy in flight; if it came to something before, that is the answer. */
  cancel(): HostCopy {
    if (this.state !== "copying") throw new Error("the host's end has no copy in flight");
    if (this.event === null) this.shared.acknowledgeCancel();
    return this.takeEvent();
  }

  /** Gives the end up. */
  drop(): void {
    if (this.state === "copying") throw new Error("the host's end has a copy in flight");
    this.state = "done";
    this.shared.drop();
  }

  private start(
    eager: boolean,
    copy: (observer: CopyObserver) => void,
    outcome: (result: CopyResult) => HostCopy,
  ): HostCopy | null {
    if (this.state !== "idle") throw new Error(`the host's end is ${this.state}, not idle`);
    let started = false;
    const announce = (result: CopyResult, reclaim: () => void): void => {
      this.event = () => {
        reclaim();
        const { shared } = this;
        const over =
          result === CopyResult.DROPPED ||
          (shared instanceof SharedFuture && result === CopyResult.COMPLETED);
        this.state = over ? "done" : "idle";
        return outcome(result);
      };
      if (started) this.onEvent?.();
    };
    this.state = "copying";
    copy({
      onCopy: (reclaim) => {
        if (eager) reclaim();
        announce(CopyResult.COMPLETED, eager ? () => undefined : reclaim);
      },
      onCopyDone: (result) => {
        announce(result, () => undefined);
      },
    });
    started = true;
    return this.hasEvent ? this.takeEvent() : null;
  }
}
