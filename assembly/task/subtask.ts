/** A call of an imported async function that is waited for. */
import { EVENT, waitableSet } from "./waiting";
import { waitableJoin, waitableSetWait } from "../abi/waitable-set";

/** State of a subtask in the low four bits of what an async call answers. Spec: CanonicalABI.md, Subtask.State. */
const RETURNED: u32 = 2;
const STATE_MASK: u32 = 15;
const HANDLE_SHIFT: u32 = 4;

/** Drops a subtask whose return was taken in. Spec: CanonicalABI.md, canon subtask.drop */
@external("$root", "[subtask-drop]")
declare function subtaskDrop(handle: u32): void;

/**
 * Waits until the call whose start answered `packed` has returned, and drops its subtask.
 * @param packed state | handle << 4, as an async-lowered import answers
 * Lends: what the call's parameters and result point to, until this returns
 */
export function awaitSubtask(packed: u32): void {
  if ((packed & STATE_MASK) == RETURNED) return;
  const subtask = packed >> HANDLE_SHIFT;
  const waitables = waitableSet();
  waitableJoin(subtask, waitables);
  do {
    waitableSetWait(waitables, EVENT);
  } while (!eventSaysReturned(subtask));
  subtaskDrop(subtask);
}

/** Whether the event that was taken last is the return of `subtask`. */
@inline
function eventSaysReturned(subtask: u32): bool {
  // SAFETY: EVENT is 8 static bytes that the host has just written: the waitable, then its state.
  return load<u32>(EVENT) == subtask && load<u32>(EVENT, 4) >= RETURNED;
}
