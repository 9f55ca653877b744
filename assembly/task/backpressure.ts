/** Whether the host may begin further tasks in this instance. */
// @ts-nocheck: AssemblyScript; asc checks it

/**
 * The host begins no further task in this instance until `lowerBackpressure` was called as often. A task that
 * holds something which others must not wait for raises it for that long; what has begun goes on. A guest
 * built with `--tasks` raises it itself while it has no memory for another task.
 * Traps: it was raised 65,535 times and not lowered
 * Spec: CanonicalABI.md, canon backpressure.inc
 */
@external("$root", "[backpressure-inc]")
export declare function raiseBackpressure(): void;

/**
 * Takes one `raiseBackpressure` back.
 * Traps: none is left
 * Spec: CanonicalABI.md, canon backpressure.dec
 */
@external("$root", "[backpressure-dec]")
export declare function lowerBackpressure(): void;
