/**
 * A run's allocations by source line, and by when they came: up to the first
 * item, or for one item in the steady state.
 */
import type { AllocationCost, LineAllocations, RunAllocations } from "../model.js";
import type { AllocationEvent } from "./probe-host.js";

/**
 * Sums `events` up.
 * @param items what the run took; null or 0 leaves the steady state open
 * @param lineOf the source line of a byte of the file
 */
export function sumAllocations(
  events: readonly AllocationEvent[],
  items: number | null,
  lineOf: (at: number) => string,
): RunAllocations {
  const lines = new Map<string, AllocationEvent[]>();
  for (const event of events) {
    const source = event.at < 0 ? "asked for by the host" : lineOf(event.at);
    const line = lines.get(source);
    if (line) line.push(event);
    else lines.set(source, [event]);
  }
  const steady = steadyStretch(items);
  const phases = (some: readonly AllocationEvent[]): Omit<LineAllocations, "source"> => ({
    ...cost(some),
    first_item: cost(some.filter((event) => itemOf(event) <= 1)),
    steady_per_item: steady && perItem(some, steady),
  });
  return {
    ...phases(events),
    by_line: [...lines]
      .map(([source, own]) => ({ source, ...phases(own) }))
      .sort((x, y) => y.bytes - x.bytes),
  };
}

/** Items `first` to `last`, both included. */
interface Stretch {
  readonly first: number;
  readonly last: number;
}

/** The second half of the items but for the last one, for with it comes what ends the task. */
function steadyStretch(items: number | null): Stretch | null {
  const first = Math.floor((items ?? 0) / 2) + 1;
  const last = (items ?? 0) - 1;
  return last < first ? null : { first, last };
}

/**
 * The item that it was for, from 1; 0 before the first. What the host lowers is for the item that comes next.
 */
function itemOf({ at, item }: AllocationEvent): number {
  return at < 0 ? item + 1 : item;
}

function cost(events: readonly AllocationEvent[]): AllocationCost {
  return { count: events.length, bytes: events.reduce((sum, { bytes }) => sum + bytes, 0) };
}

function perItem(events: readonly AllocationEvent[], { first, last }: Stretch): AllocationCost {
  const all = cost(events.filter((event) => itemOf(event) >= first && itemOf(event) <= last));
  const items = last - first + 1;
  return { count: all.count / items, bytes: all.bytes / items };
}
