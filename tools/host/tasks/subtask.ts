import { trapIf } from "../values/trap.js";
import { Waitable } from "./waitable.js";
import type { ResourceHandle } from "./resource.js";

/** How far a call of an import has come. */
export const SubtaskState = {
  STARTING: 0,
  STARTED: 1,
  RETURNED: 2,
  CANCELLED_BEFORE_STARTED: 3,
  CANCELLED_BEFORE_RETURNED: 4,
} as const;
/** How far a call has come. Spec: CanonicalABI.md, Subtask.State */
export type SubtaskState = (typeof SubtaskState)[keyof typeof SubtaskState];

/**
 * A guest's call of an import, from the call until its outcome has been told to the guest.
 *
 * Spec: CanonicalABI.md, "Subtask State"
 */
export class Subtask extends Waitable {
  /** How far the call has come. */
  state: SubtaskState = SubtaskState.STARTING;
  /** Whether the guest asked the callee to stop. */
  cancellationRequested = false;
  /** The guest has been told the outcome; borrowed handles are free again. */
  resolveDelivered = false;
  /** Asks the callee to cancel the call. */
  onCancel: () => void = () => undefined;
  private readonly lenders: ResourceHandle[] = [];

  /** Whether the callee has returned or was cancelled. */
  get resolved(): boolean {
    return this.state >= SubtaskState.RETURNED;
  }

  /** Keeps `handle` from being dropped or given away while the call lasts. */
  addLender(handle: ResourceHandle): void {
    handle.lends++;
    this.lenders.push(handle);
  }

  /** The guest learns the outcome. */
  deliverResolve(): void {
    for (const handle of this.lenders) handle.lends--;
    this.lenders.length = 0;
    this.resolveDelivered = true;
  }

  /** Traps: the outcome has not been told yet */
  drop(): void {
    trapIf(!this.resolveDelivered, "subtask.drop: the subtask's outcome was not delivered yet");
    this.leave();
  }
}
