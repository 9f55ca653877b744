/** The bench's table in README.md: written by `npm run bench -- --readme`, and compared by every other run. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../tools/package-root.js";
import type { Figures } from "./figures.js";
import { rows } from "./table.js";

const path = join(packageRoot, "README.md");
const begin = "<!-- bench:begin -->\n";
const end = "<!-- bench:end -->";

/** Rows whose figures depend on this machine's C compiler: printed, but not compared. */
const machineDependent = /^WAMR \w+: machine instructions/;

/** Writes today's table into README.md. */
export function writeReadmeTable(columns: readonly Figures[]): void {
  const { before, after } = readme();
  writeFileSync(path, `${before}${markdown(columns)}\n${after}`);
}

/** The rows of README.md's table that are not today's figures. */
export function staleReadmeRows(columns: readonly Figures[]): string[] {
  const shown = new Set(readme().table.split("\n"));
  return markdown(columns)
    .split("\n")
    .filter((row) => !machineDependent.test(row.slice(2)) && !shown.has(row));
}

function markdown(columns: readonly Figures[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const head = [
    line(["", ...columns.map(({ guest }) => `\`${guest}\``)]),
    line(["---", ...columns.map(() => "---:")]),
  ];
  const body = rows.map(([label, value]) => {
    const cells = columns.map(
      (column) => value(column)?.toLocaleString("en", { maximumFractionDigits: 1 }) ?? "-",
    );
    return line([label, ...cells]);
  });
  return [...head, ...body].join("\n");
}

function readme(): { readonly before: string; readonly table: string; readonly after: string } {
  const text = readFileSync(path, "utf8");
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(end);
  if (from < begin.length || to < from)
    throw new Error(`${path} has no table between ${begin.trim()} and ${end}`);
  return { before: text.slice(0, from), table: text.slice(from, to), after: text.slice(to) };
}
