/**
 * Functions that are there without `--imports`: the clock of WASI. A file of imports, as users write them,
 * and loaded as one.
 */
import { setTimeout } from "node:timers/promises";

const NANOSECONDS = 1_000_000n;
/** Milliseconds that a timer of Node's takes at most. */
const LONGEST = 2n ** 31n - 1n;

/** Interfaces by name, of any version. */
const ownFunctions = {
  "wasi:clocks/monotonic-clock": {
    now: (): bigint => process.hrtime.bigint(),
    getResolution: (): bigint => 1n,
    waitUntil,
    waitFor: (duration: bigint): Promise<void> => waitUntil(process.hrtime.bigint() + duration),
  },
};
export default ownFunctions;

/** Never returns before its time: a timer of Node's may. */
async function waitUntil(mark: bigint): Promise<void> {
  for (;;) {
    const left = mark - process.hrtime.bigint();
    if (left <= 0n) return;
    const milliseconds = (left + NANOSECONDS - 1n) / NANOSECONDS;
    await setTimeout(Number(milliseconds < LONGEST ? milliseconds : LONGEST));
  }
}
