/** A curve in one line of text. */
import type { CurvePoint } from "../model.js";

const LEVELS = "▁▂▃▄▅▆▇█";
const MOST_CELLS = 60;

/**
 * Draws the bytes over the items; each cell shows the most within its stretch.
 * Empty for a curve that never leaves 0.
 */
export function sparkline(curve: readonly CurvePoint[], mostCells = MOST_CELLS): string {
  const most = Math.max(0, ...curve.map(({ bytes }) => bytes));
  const last = curve.at(-1)?.item ?? 0;
  if (most === 0) return "";
  const cells = new Array<number>(Math.min(mostCells, last + 1)).fill(0);
  let bytes = 0;
  let next = 0;
  for (let cell = 0; cell < cells.length; cell++) {
    const until = ((cell + 1) * (last + 1)) / cells.length;
    cells[cell] = bytes;
    for (; next < curve.length && curve[next]!.item < until; next++) {
      bytes = curve[next]!.bytes;
      cells[cell] = Math.max(cells[cell]!, bytes);
    }
  }
  return cells.map((value) => LEVELS[Math.round((value / most) * (LEVELS.length - 1))]).join("");
}
