/**
 * Readings of an inertial measurement unit that nobody has to own: gravity, a walk
 * and noise, the same for the same seed.
 */

/** WIT's `record reading`. */
export interface Reading {
  /** Microseconds; beyond 2^53, so that a 64-bit time is seen to pass whole. */
  readonly at: bigint;
  readonly "acceleration-x": number;
  readonly "acceleration-y": number;
  readonly "acceleration-z": number;
  readonly "rotation-x": number;
  readonly "rotation-y": number;
  readonly "rotation-z": number;
}

/** Readings a second. */
const RATE = 200;
const FIRST: bigint = 2n ** 60n + 7n;

/** `count` readings of somebody who walks two steps a second. */
export function syntheticReadings(count: number, seed: number): Reading[] {
  let state = seed >>> 0;
  const noise = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  return Array.from({ length: count }, (_, index) => {
    const step = (2 * Math.PI * 2 * index) / RATE;
    return {
      at: FIRST + BigInt(index * (1_000_000 / RATE)),
      "acceleration-x": Math.fround(0.4 * Math.sin(step / 2) + 0.2 * noise()),
      "acceleration-y": Math.fround(0.3 * Math.cos(step / 2) + 0.2 * noise()),
      "acceleration-z": Math.fround(9.81 + 2.5 * Math.sin(step) + 0.2 * noise()),
      "rotation-x": Math.fround(0.5 * Math.sin(step) + 0.02 * noise()),
      "rotation-y": Math.fround(0.02 * noise()),
      "rotation-z": Math.fround(0.1 * Math.cos(step / 2) + 0.02 * noise()),
    };
  });
}
