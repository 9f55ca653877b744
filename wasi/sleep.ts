/** Waits for time to pass. */
// @ts-nocheck: AssemblyScript; asc checks it
import * as monotonicClock from "./bindings/wasi-clocks-monotonic-clock";

/** Waits for `nanoseconds`; other tasks go on meanwhile where the host lets them. Heap: none */
export function sleep(nanoseconds: u64): void {
  monotonicClock.waitFor.call(nanoseconds);
}
