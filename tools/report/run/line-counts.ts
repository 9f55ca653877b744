/** What a run's counters say of source lines. */
import type { Analysis } from "../analysis.js";
import type { RunProfile } from "../model.js";
import type { Instrumented } from "./instrument.js";
import { BLOCK_COUNTER } from "./probe-interface.js";

/** Instructions by function and source line. Code without a line goes by the name `null`. */
export type LineCounts = ReadonlyMap<number, ReadonlyMap<string | null, number>>;

/** Counts them, after a run. @param counter the value of a counter by its export's name */
export function countLines(
  { places }: Analysis,
  { blocks }: Instrumented,
  counter: (name: string) => number,
): LineCounts {
  const counts = new Map<number, Map<string | null, number>>();
  blocks.forEach(({ function: index, at }, block) => {
    const times = counter(BLOCK_COUNTER + block);
    if (times === 0) return;
    let lines = counts.get(index);
    if (!lines) counts.set(index, (lines = new Map()));
    for (const offset of at) {
      const source = places.at(offset);
      lines.set(source, (lines.get(source) ?? 0) + times);
    }
  });
  return counts;
}

/** The same by source line alone, the most first. */
export function linesOf(counts: LineCounts): RunProfile["lines"] {
  const byLine = new Map<string, number>();
  for (const lines of counts.values()) {
    for (const [source, times] of lines) {
      if (source !== null) byLine.set(source, (byLine.get(source) ?? 0) + times);
    }
  }
  return [...byLine]
    .map(([source, instructions]) => ({ source, instructions }))
    .sort((x, y) => y.instructions - x.instructions);
}
