/** Lets others go on, without waiting for anything. */
// @ts-nocheck: AssemblyScript; asc checks it
import { hearYield, threadYield } from "../cancellation";

/**
 * Lets the host, and tasks of other guests, go on once; then this task goes on
 * too, whether or not anything happened.
 *
 * `poll` looks at what is there and lets nobody run; a loop of `poll` and `pause` ends on every host. Where a
 * guest has nothing else to do, `next`, `waitAny` and their like take no processor time.
 *
 * ```ts
 * while (!input.poll()) pause();
 * ```
 * In a function that is not async it does nothing.
 * Spec: CanonicalABI.md, canon thread.yield
 */
export function pause(): void {
  hearYield(threadYield());
}
