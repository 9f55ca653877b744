import type { ComponentInstance } from "../tasks/component-instance.js";
import type { ReadableBuffer, WritableBuffer } from "./copy-buffer.js";
import { checkSameInstance } from "./same-instance.js";
import { CopyResult, SharedCopy, type CopyObserver } from "./shared-copy.js";

/**
 * A future between its two ends: one element, moved once.
 *
 * Dropping the readable end tells a waiting writer so (component-model PR 708). The writable end is dropped
 * only when it is done, so a reader never sees DROPPED.
 *
 * Spec: CanonicalABI.md, `SharedFutureImpl`
 */
export class SharedFuture extends SharedCopy {
  override read(owner: ComponentInstance | null, buffer: WritableBuffer, observer: CopyObserver): void {
    const { pending } = this;
    if (pending === null) {
      this.setPending({ owner, buffer, observer });
      return;
    }
    checkSameInstance(owner, pending.owner, this.elementType, "future");
    buffer.write((pending.buffer as ReadableBuffer).read(1));
    this.settlePending(CopyResult.COMPLETED);
    observer.onCopyDone(CopyResult.COMPLETED);
  }

  override write(owner: ComponentInstance | null, buffer: ReadableBuffer, observer: CopyObserver): void {
    const { pending } = this;
    if (this.dropped) {
      observer.onCopyDone(CopyResult.DROPPED);
    } else if (pending === null) {
      this.setPending({ owner, buffer, observer });
    } else {
      checkSameInstance(owner, pending.owner, this.elementType, "future");
      (pending.buffer as WritableBuffer).write(buffer.read(1));
      this.settlePending(CopyResult.COMPLETED);
      observer.onCopyDone(CopyResult.COMPLETED);
    }
  }
}
