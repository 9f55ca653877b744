/** Where this instance waits: one waitable set for its whole life, and the two words an event is written to. */
import { waitableSetNew } from "../abi/waitable-set";

/** `waitable-set.poll` answers this when no waitable of the set has an event. */
export const EVENT_NONE: u32 = 0;

/** Address of the 8 bytes that the host writes an event to: the waitable's handle, then the payload. 4-aligned. */
export const EVENT: usize = memory.data(12, 4);

/** Address of the waitable set's handle: 4 bytes, 0 before the first task. */
const WAITABLE_SET: usize = EVENT + 8;

/** Makes the instance's waitable set, when there is none yet. A task calls it before it opens an operation. */
export function ensureWaitableSet(): void {
  // SAFETY: WAITABLE_SET is 4 static bytes of this file's own.
  if (!load<u32>(WAITABLE_SET)) store<u32>(WAITABLE_SET, waitableSetNew());
}

/** The handle of the instance's waitable set. */
@inline
export function waitableSet(): u32 {
  // SAFETY: as in ensureWaitableSet, which every task has called first.
  return load<u32>(WAITABLE_SET);
}
