/** The heart rate over time, from beats. */
import type { Beat } from "./beat.js";
import { SAMPLE_RATE } from "./recording.js";

/** Samples in 1.5 s. A longer interval is a loose electrode or a missed beat, not a heart rate. */
const LONGEST_INTERVAL = 540;

/** Beats a minute that an interval of `samples` stands for. */
export function rateOf(samples: number): number {
  return (60 * SAMPLE_RATE) / samples;
}

/**
 * The median rate in each of `count` equal parts of the recording. The median, because an early beat and the
 * pause after it say nothing about the rate. A part without beats keeps the rate of the part before it.
 * @param length samples in the recording
 */
export function ratesOverTime(beats: readonly Beat[], length: number, count: number): number[] {
  const known = beats.filter(isUsual);
  const parts = Array.from({ length: count }, (): number[] => []);
  for (const { at, interval } of known) parts[Math.floor((at * count) / length)]!.push(rateOf(interval));
  let rate = known[0] ? rateOf(known[0].interval) : 0;
  return parts.map((rates) => (rate = rates.length > 0 ? median(rates) : rate));
}

/** The rates that single intervals stand for, in their order. */
export function usualRates(beats: readonly Beat[]): number[] {
  return beats.filter(isUsual).map(({ interval }) => rateOf(interval));
}

/** Whether a beat's interval tells of the heart rate. */
export function isUsual({ interval }: Beat): boolean {
  return interval > 0 && interval <= LONGEST_INTERVAL;
}

/** The middle of `values`, of which there is at least one; between two middles the mean. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted.length >> 1;
  const lower = (sorted.length - 1) >> 1;
  return (sorted[lower]! + sorted[upper]!) / 2;
}
