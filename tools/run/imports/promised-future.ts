/** A future that the guest reads, whose value comes later. */
import { HostEnd } from "../../host/copies/host-end.js";
import { Items } from "../../host/copies/items.js";
import { SharedFuture } from "../../host/copies/shared-future.js";
import type { CopyPolicy, HostActivity } from "../../host/tasks/host-loop.js";
import type { Value } from "../../host/values/value.js";
import type { ValueType } from "../../wit/model.js";

/** Its host's side. */
export class PromisedFuture implements HostActivity {
  /** The future that the two ends share. */
  readonly shared: SharedFuture;
  private readonly end: HostEnd;
  private value: { readonly of: Value } | null = null;

  constructor(element: ValueType | null, policy: CopyPolicy) {
    this.shared = new SharedFuture(element);
    this.end = new HostEnd(this.shared);
    this.shared.listeners.push({
      onPending: () => {
        if (policy === "ready") this.progress();
      },
    });
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
