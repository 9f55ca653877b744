/** A trend for a terminal and for a pull request. */
import pc from "picocolors";
import { figure, signed } from "../forms/format.js";
import { markdownCode, markdownTable } from "../forms/markdown-parts.js";
import { more, table, terminalWidth } from "../forms/text-table.js";
import { wrapLine } from "../forms/fit-width.js";
import { spanOf, type Trend, type TrendFigure, whyEmpty } from "./trend.js";

const LEVELS = "▁▂▃▄▅▆▇█";
const MOST_CELLS = 20;
const LIST_ROWS = 15;

/** Draws the trend, no wider than the terminal; `all` lists every report, otherwise the last. */
export function trendText(trend: Trend, all: boolean): string {
  const { reports, figures } = trend;
  const known = figures.filter((each) => spanOf(each) !== null);
  const changes = table(
    `${trend.module}: ${reportCount(trend)}, in the order of their files' names`,
    CHANGE_HEAD,
    known.map(changeCells),
    [1, 2, 3],
  );
  const shown = all ? reports : reports.slice(-LIST_ROWS);
  const skipped = reports.length - shown.length;
  const rows = shown.map(({ name }, index) => [
    name,
    ...known.map(({ values }) => valueText(values[index + skipped]!)),
  ]);
  const list = table("Reports", ["report", ...known.map(shortName)], rows, [
    ...known.map((_, index) => index + 1),
  ]);
  const whyNot = empties(trend).map((line) => pc.dim(line));
  const blocks = [changes, list + more(reports.length, shown.length), whyNot.join("\n")];
  const lines = blocks.filter(Boolean).join("\n\n").split("\n");
  return `${lines.flatMap((line) => wrapLine(line, terminalWidth())).join("\n")}\n`;
}

/** The trend as Markdown. */
export function trendMarkdown(trend: Trend): string {
  const known = trend.figures.filter((each) => spanOf(each) !== null);
  const rows = known.map((each) => {
    const [name, ...cells] = changeCells(each);
    return [name!, ...cells.slice(0, 3), markdownCode(cells[3]!)];
  });
  const list = trend.reports.map(({ name }, index) => [
    markdownCode(name),
    ...known.map(({ values }) => valueText(values[index]!)),
  ]);
  const right = known.map((_, index) => index + 1);
  return [
    `### ${markdownCode(trend.module)}: ${reportCount(trend)}`,
    markdownTable(CHANGE_HEAD, rows, [1, 2, 3]),
    `<details><summary>Reports</summary>\n\n${markdownTable(["report", ...known.map(({ name }) => name)], list, right)}\n\n</details>`,
    ...empties(trend).map((line) => `> ${line}`),
    "",
  ].join("\n\n");
}

/** `1 report`, `12 reports`. */
export function reportCount({ reports: { length } }: Trend): string {
  return `${length} report${length === 1 ? "" : "s"}`;
}

/** A value as it is shown. */
export function valueText(value: number | null): string {
  return value === null ? "–" : figure(value);
}

/** By how much a figure changed from its first value to its last. */
export function changeText(each: TrendFigure): string {
  const { first, last } = spanOf(each)!;
  const change = last - first;
  return Number.isInteger(change) ? signed(change) : `${change > 0 ? "+" : "−"}${figure(Math.abs(change))}`;
}

const CHANGE_HEAD = ["figure", "first", "last", "change", "least to greatest"];

function changeCells(each: TrendFigure): string[] {
  const { first, last, least, most } = spanOf(each)!;
  const range = least === most ? "" : ` ${figure(least)} to ${figure(most)}`;
  return [each.name, figure(first), figure(last), changeText(each), `${levels(each)}${range}`];
}

/** One cell for each report, or stretch of reports; a dot where nothing was measured. */
function levels(each: TrendFigure): string {
  const { least, most } = spanOf(each)!;
  const cells = Math.min(MOST_CELLS, each.values.length);
  return Array.from({ length: cells }, (_, cell) => {
    const from = Math.floor((cell * each.values.length) / cells);
    const to = Math.floor(((cell + 1) * each.values.length) / cells);
    const stretch = each.values.slice(from, to).filter((value) => value !== null);
    if (stretch.length === 0) return "·";
    const value = Math.max(...stretch);
    const level = most === least ? 0 : ((value - least) / (most - least)) * (LEVELS.length - 1);
    return LEVELS[Math.round(level)]!;
  }).join("");
}

/** Why figures have no values, in sentences. */
export function empties({ figures }: Trend): string[] {
  return figures.flatMap((each) => whyEmpty(each) ?? []);
}

/** Columns are narrow: `instructions per item` is `instr.` */
function shortName({ name }: TrendFigure): string {
  return name
    .replace(/ bytes$| per item$/, "")
    .replace("instructions", "instr.")
    .replace("allocations", "alloc.");
}
