/** Tables of the terminal report. */
import Table from "cli-table3";
import pc from "picocolors";
import { cutMiddle, fitColumns, PIPED_WIDTH, widthOf } from "./fit-width.js";
import { count } from "./format.js";

const INDENT = 2;

/** Columns of the terminal that text goes to, or of a page when it goes to none. */
export function terminalWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns : PIPED_WIDTH;
}

/** A table without lines: headings, then rows; columns in `right` are aligned to the right, and never cut. */
export function table(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
): string {
  const natural = head.map((text, column) =>
    rows.reduce((most, row) => Math.max(most, widthOf(row[column] ?? "")), widthOf(text)),
  );
  const widths = fitColumns(natural, terminalWidth() - INDENT, right);
  const grid = new Table({
    head: head.map((text) => pc.dim(text)),
    chars: NO_LINES,
    style: { "padding-left": 0, "padding-right": 2, head: [], border: [] },
    colAligns: head.map((_, index) => (right.includes(index) ? "right" : "left")),
  });
  for (const row of rows) grid.push(row.map((cell, column) => cutMiddle(cell, widths[column] ?? 0)));
  const body = grid
    .toString()
    .split("\n")
    .map((line) => `  ${line.trimEnd()}`);
  return [pc.bold(title), ...body].join("\n");
}

// prettier-ignore
const NO_LINES = {
  top: "", "top-mid": "", "top-left": "", "top-right": "", bottom: "", "bottom-mid": "", "bottom-left": "",
  "bottom-right": "", left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: "",
};

/** Says how many rows of a list are not shown. */
export function more(total: number, shown: number): string {
  return total > shown ? `\n  ${pc.dim(`… ${count(total - shown)} more (--all)`)}` : "";
}
