/**
 * A future's copy in the words of an operation's status.
 *
 * The host answers a future's copy without a count: COMPLETED is the value. In a status that is one item
 * together with DROPPED, for nothing can follow it; so all that asks a stream's status asks a future's too.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import { BLOCKED, CopyResult, PROGRESS_SHIFT } from "../abi/copy-result";
import { awaitCopyToEnd, finishCancel, pollEvent, prepareCancel, settle, Operation } from "../operation";

/** The status of a future whose value has moved: one item, and no more to come. */
export const MOVED: u32 = (1 << PROGRESS_SHIFT) | CopyResult.DROPPED;

/** The status for what the host answered: moved, the other end gone, or after a cancel idle again. */
@inline
export function statusOf(result: u32): u32 {
  return result == CopyResult.COMPLETED ? MOVED : result & CopyResult.DROPPED;
}

/** The status after a read or write that answered `result`, which is waited for when it is BLOCKED. */
@inline
export function awaited(operation: Operation, result: u32): u32 {
  return statusOf(result == BLOCKED ? awaitCopyToEnd(operation) : result);
}

/** Takes in what a read or write that is not waited for has answered. @returns whether it has settled */
@inline
export function settleStart(operation: Operation, result: u32): bool {
  if (result == BLOCKED) operation.status = BLOCKED;
  else settle(operation, statusOf(result));
  return result != BLOCKED;
}

/** Waits until the copy that `start` began on `operation` has settled. */
export function awaitValue(operation: Operation): void {
  if (operation.status == BLOCKED) settle(operation, statusOf(awaitCopyToEnd(operation)));
}

/** Takes in the event that is there, without waiting. @returns whether no copy of `operation` is in flight */
export function pollValue(operation: Operation): bool {
  if (operation.status != BLOCKED) return true;
  const result = pollEvent(operation);
  if (result == BLOCKED) return false;
  settle(operation, statusOf(result));
  return true;
}

/** Takes the end out of its set: a synchronous cancel of a waitable that is in a set traps. */
@inline
export function beginCancel(operation: Operation): void {
  prepareCancel(operation);
}

/** Takes in what the cancel answered. Spec: CanonicalABI.md, canon future.cancel-{read,write} */
@inline
export function endCancel(operation: Operation, result: u32): void {
  finishCancel(operation, statusOf(result));
}
