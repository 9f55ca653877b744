/**
 * The bench's table in README.md: written by `npm run bench -- --update`, and compared by every other run.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type MarkedPart, markedPart } from "../tools/files/marked-part.js";
import { packageRoot } from "../tools/package-root.js";
import type { Figures } from "./figures.js";
import { rows } from "./table.js";

const path = join(packageRoot, "README.md");
const begin = "<!-- bench:begin -->\n";
const end = "<!-- bench:end -->";

/** Rows whose figures depend on this machine's C compiler: printed, but not compared. */
const machineDependent = /^\| (?:WAMR \w+|as C): machine instructions/;

/** Writes today's table into README.md. */
export function writeReadmeTable(columns: readonly Figures[]): void {
  const { before, after } = tableIn(readFileSync(path, "utf8"));
  writeFileSync(path, `${before}${markdown(columns)}\n${after}`);
}

/** The rows of README.md's table that are not today's, and those of today's that it does not have. */
export function staleReadmeRows(columns: readonly Figures[]): string[] {
  return staleRows(readFileSync(path, "utf8"), columns);
}

/** As `staleReadmeRows`, for any text with such a table. @throws Error when it has none */
export function staleRows(text: string, columns: readonly Figures[]): string[] {
  const today = markdown(columns).split("\n");
  const shown = tableIn(text).part.trimEnd().split("\n");
  return [
    ...today.filter((row) => !shown.includes(row)),
    ...shown.filter((row) => !today.includes(row)),
  ].filter((row) => !machineDependent.test(row));
}

/** The table as Markdown, without a newline at its end. */
export function markdown(columns: readonly Figures[]): string {
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

function tableIn(text: string): MarkedPart {
  return markedPart(path, text, begin, end);
}
