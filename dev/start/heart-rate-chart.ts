/** The heart rate as a line chart of characters. */
import { type Color, plot } from "asciichart";

/** Columns in front of the line: a number, a space and the axis. */
const LABEL_WIDTH = 5;
const AXIS_COLUMN = LABEL_WIDTH + 1;
/** Columns that the chart needs besides those of the line. */
export const CHART_MARGIN: number = AXIS_COLUMN + 1;
/** Most rows above the lowest. */
const MOST_ROWS = 9;

/**
 * Draws `rates`, one a column.
 * @param minutes how long the recording is
 * @param color   of the line; none for plain characters
 */
export function heartRateChart(rates: readonly number[], minutes: number, color?: Color): string {
  const step = stepOf(Math.max(...rates) - Math.min(...rates));
  const low = Math.floor(Math.min(...rates) / step) * step;
  const high = Math.max(low + step, Math.ceil(Math.max(...rates) / step) * step);
  const chart = plot([...rates], {
    min: low,
    max: high,
    height: (high - low) / step,
    format: (rate: number) => rate.toFixed(0).padStart(LABEL_WIDTH),
    ...(color && { colors: [color] }),
  });
  return `${chart.replaceAll(/ +$/gm, "")}\n${timeAxis(rates.length, minutes)}`;
}

/** Beats a minute from one row to the next: a round number that keeps the chart low. */
function stepOf(range: number): number {
  return [5, 10, 20, 50].find((step) => range / step < MOST_ROWS - 1) ?? 100;
}

/** A mark and a number at every full minute. */
function timeAxis(width: number, minutes: number): string {
  const marks = new Array<string>(width).fill("─");
  let labels = "";
  for (let minute = 0; minute <= minutes; minute++) {
    const column = Math.min(width - 1, Math.round((minute * width) / minutes));
    marks[column] = "┴";
    labels = labels.padEnd(column) + (minute === 0 ? "0 min" : String(minute));
  }
  const indent = " ".repeat(AXIS_COLUMN);
  return `${indent}└${marks.join("")}\n${indent} ${labels}`;
}
