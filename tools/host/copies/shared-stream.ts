import type { ComponentInstance } from "../tasks/component-instance.js";
import type { ReadableBuffer, WritableBuffer } from "./copy-buffer.js";
import { checkSameInstance } from "./same-instance.js";
import { CopyResult, SharedCopy, type CopyObserver } from "./shared-copy.js";

/**
 * A stream between its two ends.
 *
 * Elements move when a read meets a write: as many as both have left. The copy that waited keeps its buffer
 * open until its event is delivered, so that the other end may go on; one that has nothing left, or that
 * never asked for elements, gives way to the newcomer.
 *
 * Spec: CanonicalABI.md, `SharedStreamImpl`
 */
export class SharedStream extends SharedCopy {
  /** A guest has dropped the readable end, and the writable one is there: nobody will ever read. */
  isUnread = false;

  override read(owner: ComponentInstance | null, buffer: WritableBuffer, observer: CopyObserver): void {
    const { pending } = this;
    if (this.dropped) {
      observer.onCopyDone(CopyResult.DROPPED);
    } else if (pending === null) {
      this.setPending({ owner, buffer, observer });
    } else {
      checkSameInstance(owner, pending.owner, this.elementType, "stream");
      const source = pending.buffer as ReadableBuffer;
      if (source.remaining > 0) {
        if (buffer.remaining > 0) {
          buffer.write(source.read(Math.min(buffer.remaining, source.remaining)));
          pending.observer.onCopy(this.resetPending);
        }
        observer.onCopyDone(CopyResult.COMPLETED);
      } else {
        this.settlePending(CopyResult.COMPLETED);
        this.setPending({ owner, buffer, observer });
      }
    }
  }

  override write(owner: ComponentInstance | null, buffer: ReadableBuffer, observer: CopyObserver): void {
    const { pending } = this;
    if (this.dropped) {
      observer.onCopyDone(CopyResult.DROPPED);
    } else if (pending === null) {
      this.setPending({ owner, buffer, observer });
    } else {
      checkSameInstance(owner, pending.owner, this.elementType, "stream");
      const target = pending.buffer as WritableBuffer;
      if (target.remaining > 0) {
        if (buffer.remaining > 0) {
          target.write(buffer.read(Math.min(buffer.remaining, target.remaining)));
          pending.observer.onCopy(this.resetPending);
        }
        observer.onCopyDone(CopyResult.COMPLETED);
      } else if (buffer.length === 0 && target.length === 0) {
        observer.onCopyDone(CopyResult.COMPLETED);
      } else {
        this.settlePending(CopyResult.COMPLETED);
        this.setPending({ owner, buffer, observer });
      }
    }
  }
}
