/** The element type of a stream or future that has none: its items are there, and that is all. */
// @ts-nocheck: AssemblyScript; asc checks it

/**
 * An item without a value, 0 bytes. A `StreamReader<Unit, …>` counts: `next()` says that one more has come.
 */
@unmanaged
export class Unit {}
