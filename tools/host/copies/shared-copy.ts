/**
 * What the two ends of a stream or future share: at most one copy that waits for the other end, and whether
 * an end is gone. The ends belong to the guest or to the host.
 *
 * Spec: CanonicalABI.md, "Stream State" and "Future State"
 */
import type { ValueType } from "../../wit/model.js";
import type { ComponentInstance } from "../tasks/component-instance.js";
import type { ReadableBuffer, WritableBuffer } from "./copy-buffer.js";

/** How a copy ended. */
export const CopyResult = { COMPLETED: 0, DROPPED: 1, CANCELLED: 2 } as const;
/** One of the ways in which a copy ends. */
export type CopyResult = (typeof CopyResult)[keyof typeof CopyResult];

/** Told about a copy in flight. */
export interface CopyObserver {
  /** Elements moved, and more may follow until `reclaim` takes the buffer back. */
  onCopy(reclaim: () => void): void;
  /** The copy is over. */
  onCopyDone(result: CopyResult): void;
}

/** A copy that waits for the other end. */
export interface PendingCopy {
  /** Whose buffer it is; null for the host's. */
  readonly owner: ComponentInstance | null;
  readonly buffer: ReadableBuffer | WritableBuffer;
  readonly observer: CopyObserver;
}

/**
 * The host's ear at a stream or future that one of its ends belongs to: called when the other end does
 * something the host may answer at once.
 */
export interface SharedListener {
  /** A copy waits for its other end. */
  onPending?(): void;
  /** An end was dropped. */
  onDropped?(): void;
}

/** The state that stream and future have in common. */
export abstract class SharedCopy {
  /** One end is gone. */
  dropped = false;
  /** The copy that waits for the other end. */
  pending: PendingCopy | null = null;
  /** The host's ends that want to hear of the other one: both are, once a guest has handed its end on. */
  readonly listeners: SharedListener[] = [];
  /** The writable end is the host's: a reader of the host's finds nobody who asks for it. */
  isHostWritten = false;
  /** The host holds a cancelled buffer until `acknowledgeCancel`. */
  defersCancel = false;

  constructor(readonly elementType: ValueType | null) {}

  /**
   * The buffer of a copy that waits for its other end. A copy that has moved all it asked for waits
   * for its event to be taken and for nothing else: whoever meets it then is ahead of its owner, whose
   * next copy would find its partner there.
   */
  get awaited(): ReadableBuffer | WritableBuffer | null {
    if (this.pending === null) return null;
    const { buffer } = this.pending;
    return buffer.remaining > 0 || buffer.length === 0 ? buffer : null;
  }

  /** Meets a waiting write, or waits. */
  abstract read(owner: ComponentInstance | null, buffer: WritableBuffer, observer: CopyObserver): void;
  /** Meets a waiting read, or waits. */
  abstract write(owner: ComponentInstance | null, buffer: ReadableBuffer, observer: CopyObserver): void;

  /** The guest takes its pending copy back. The result arrives at once, unless the host defers it. */
  cancel(): void {
    if (!this.defersCancel) this.settlePending(CopyResult.CANCELLED);
  }

  /** Ends the pending copy as cancelled; without one nothing happens. */
  acknowledgeCancel(): void {
    if (this.pending !== null) this.settlePending(CopyResult.CANCELLED);
  }

  /** One end goes; a pending copy of the other one ends with DROPPED. */
  drop(): void {
    if (this.dropped) return;
    this.dropped = true;
    if (this.pending !== null) this.settlePending(CopyResult.DROPPED);
    for (const listener of this.listeners) listener.onDropped?.();
  }

  protected setPending(pending: PendingCopy): void {
    this.pending = pending;
    for (const listener of this.listeners) listener.onPending?.();
  }

  /** Gives the pending copy's buffer back and says why. */
  protected settlePending(result: CopyResult): void {
    const { observer } = this.pending!;
    this.pending = null;
    observer.onCopyDone(result);
  }

  /** Hands the pending copy's buffer back without a word: its owner has been told already. */
  protected readonly resetPending = (): void => {
    this.pending = null;
  };
}
