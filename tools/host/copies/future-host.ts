/** Futures between the guest and the host. */
import type { ValueType } from "../../wit/model.js";
import { HostEnd, type HostCopy } from "./host-end.js";
import type { CopyPolicy, HostActivity } from "../tasks/host-loop.js";
import { Items } from "./items.js";
import { CopyResult } from "./shared-copy.js";
import { SharedFuture } from "./shared-future.js";
import type { Value } from "../values/value.js";

/** A future that the guest reads and the host writes. */
export class FutureSource implements HostActivity {
  /** The future that the two ends share. */
  readonly shared: SharedFuture;
  private readonly end: HostEnd;
  private value: { readonly of: Value } | null;

  constructor(elementType: ValueType | null, value: Value, policy: CopyPolicy) {
    this.value = { of: value };
    this.shared = new SharedFuture(elementType);
    this.end = new HostEnd(this.shared);
    this.shared.isHostWritten = true;
    this.shared.listeners.push({
      onPending: () => {
        if (policy === "ready") this.progress();
      },
    });
  }

  /** One whose value comes later. */
  static later(elementType: ValueType | null, policy: CopyPolicy): FutureSource {
    const source = new FutureSource(elementType, null, policy);
    source.value = null;
    return source;
  }

  /** The value is there. */
  resolve(value: Value): void {
    this.value = { of: value };
  }

  progress(): boolean {
    if (this.value === null || this.shared.awaited === null || this.end.state !== "idle") return false;
    this.end.write(Items.fromValues(this.shared.elementType, [this.value.of]));
    return true;
  }
}

/** A future that the guest writes and the host reads. */
export class FutureSink implements HostActivity {
  /** The value, once it came. */
  received: { readonly value: Value } | null = null;
  private readonly end: HostEnd;

  constructor(
    readonly shared: SharedFuture,
    policy: CopyPolicy,
  ) {
    this.end = new HostEnd(shared);
    this.end.onEvent = () => {
      this.take(this.end.takeEvent());
    };
    shared.listeners.push({
      onPending: () => {
        if (policy === "ready") this.progress();
      },
    });
    if (policy === "ready") this.progress();
  }

  progress(): boolean {
    if (this.end.state !== "idle") return false;
    if (this.shared.awaited === null && !this.isFlowing) return false;
    const copy = this.end.read(1);
    if (copy !== null) this.take(copy);
    return true;
  }

  /** The guest has handed on an end that the host writes to. */
  get isFlowing(): boolean {
    return this.shared.isHostWritten && this.received === null;
  }

  private take({ result, received }: HostCopy): void {
    if (result === CopyResult.COMPLETED) this.received = { value: received[0]!.values()[0]! };
  }
}
