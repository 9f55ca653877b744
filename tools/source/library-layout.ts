/**
 * Where the guest library keeps things in static memory, in bytes: what the generator lays out, and what
 * report and gate read. asc is asked for each of these figures in tests/compile/library-layout.test.ts.
 */

/**
 * From an operation to its slot, and from any object's header to the object: asc's
 * own, which the library's words lie in.
 */
export const OPERATION_BYTES = 20;

/** From a place of an end to its operation: the readable end that `create` made. */
export const END_OFFSET = 4;

/** A call whose result holds no pointer. */
export const SUBTASK_BYTES = 12;

/** A call whose result lands in a region. */
export const ARENA_SUBTASK_BYTES = 20;

/** What `waitable-set.wait` writes: the waitable, then the payload. */
export const EVENT_BYTES = 8;
