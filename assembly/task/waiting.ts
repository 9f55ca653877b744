/** Where events are written to, and where subtasks are waited for. */
// @ts-nocheck: AssemblyScript; asc checks it
import { waitableSetNew } from "../abi/waitable-set";

/** `waitable-set.poll` answers this when no waitable of the set has an event. */
export const EVENT_NONE: u32 = 0;

/**
 * Address of the 8 bytes that the host writes an event to: the waitable's
 * handle, then the payload. 4-aligned.
 */
export const EVENT: usize = memory.data(12, 4);

/** Address of the handle of the subtasks' waitable set: 4 bytes, 0 before the first call that blocks. */
// SAFETY: of the 12 bytes at EVENT the event takes 8.
const WAITABLE_SET: usize = EVENT + 8;

/**
 * Whether the host may call the guest's functions while a task waits. Nothing sets it: the build takes it for
 * `false` in a guest of one task at a time that has no other functions (passes/lone-tasks.ts).
 */
export let entered: bool = true;

/**
 * Whether a task waits in `waitAny`, with its ends and calls out of their own sets. A function that is called
 * meanwhile may not wait so too, and asks for no item whose place depends on what has landed.
 */
export let waitingForAny: bool = false;

/** Notes that a task waits in `waitAny`, or does no more. */
@inline
export function noteWaitingForAny(waits: bool): void {
  waitingForAny = waits;
}

/**
 * The handle of the waitable set for subtasks, which is made when it is wanted
 * first. An end is in its operation's own.
 */
export function waitableSet(): u32 {
  // SAFETY: WAITABLE_SET is 4 static bytes of this file's own.
  let waitables = load<u32>(WAITABLE_SET);
  // SAFETY: as above.
  if (!waitables) store<u32>(WAITABLE_SET, (waitables = waitableSetNew()));
  return waitables;
}
