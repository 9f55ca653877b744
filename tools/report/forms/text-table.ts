/** Tables of the terminal report. */
import Table from "cli-table3";
import pc from "picocolors";
import { count } from "./format.js";

/** A table without lines: headings, then rows; columns in `right` are aligned to the right. */
export function table(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
): string {
  const grid = new Table({
    head: head.map((text) => pc.dim(text)),
    chars: NO_LINES,
    style: { "padding-left": 0, "padding-right": 2, head: [], border: [] },
    colAligns: head.map((_, index) => (right.includes(index) ? "right" : "left")),
  });
  grid.push(...rows.map((row) => [...row]));
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
