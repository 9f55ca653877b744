/**
 * The boards' table in README.md: written by `npm run bench:boards -- --update`, and compared
 * by every other run, within a hundredth.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Board, BOARDS } from "../tools/pack/board-table.js";
import { must, needTool } from "../tools/setup/build-tool.js";
import { type MarkedPart, markedPart } from "../tools/files/marked-part.js";
import { packageRoot } from "../tools/package-root.js";
import { armGcc, riscvFirmwareGcc } from "../tools/setup/programs.js";
import type { Tool } from "../tools/setup/tool.js";
import type { BoardFigures, InstructionFigures } from "./boards-figures.js";

const path = join(packageRoot, "README.md");
const begin = "<!-- boards:begin -->\n";
const end = "<!-- boards:end -->";
const KIB = 1024;

const CORES: Readonly<Record<Board["cpu"], string>> = {
  "cortex-m0": "Cortex-M0",
  "cortex-m3": "Cortex-M3",
  "cortex-m4": "Cortex-M4",
  "sifive-e31": "E31 (RV32IMAC)",
};

/** What the table is made of. */
export interface BoardColumns {
  readonly boards: readonly BoardFigures[];
  readonly live: Readonly<Record<string, number>>;
  readonly instructions: readonly InstructionFigures[];
}

/** Writes today's table into README.md. */
export async function writeBoardsTable(columns: BoardColumns): Promise<void> {
  const { before, after } = readTable();
  writeFileSync(path, `${before}${await boardsTable(columns)}\n${after}`);
}

/** What a figure may be off: a few bytes of code more or less are no reason to write the table anew. */
const TOLERANCE = 0.01;

/**
 * Whether README.md's table is not today's: another row, a figure that is off by more than a hundredth. One
 * that was measured with another compiler's code is not compared.
 */
export async function isStale(columns: BoardColumns): Promise<boolean> {
  const { part: table } = readTable();
  const today = await boardsTable(columns);
  if (table.split("\n")[0] !== today.split("\n")[0]) return false;
  const number = /\b\d[\d,]*\b/g;
  const figures = (line: string): number[] =>
    Array.from(line.matchAll(number), ([digits]) => Number(digits.replaceAll(",", "")));
  const isOff = (shown: string, now: string): boolean => {
    // Percents are rounded already: the same share may be shown as the one or the other.
    const most = (figure: number): number => (now.includes("%") ? 1 : TOLERANCE * figure);
    const were = figures(shown);
    return figures(now).some((figure, index) => Math.abs(were[index]! - figure) > most(figure));
  };
  const shown = table.trimEnd().split("\n");
  return (
    table.trimEnd().replace(number, "") !== today.replace(number, "") ||
    today.split("\n").some((line, index) => isOff(shown[index]!, line))
  );
}

async function boardsTable({ boards, live, instructions }: BoardColumns): Promise<string> {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const cell = (value: number | undefined): string => value?.toLocaleString("en") ?? "-";
  const percent = (share: number | undefined): string =>
    cell(share === undefined ? undefined : Math.round(100 * share));
  const of = (board: Board, guest: string): BoardFigures | undefined =>
    boards.find((row) => row.board === board.name && row.guest === guest);
  const count = ({ name }: Board): InstructionFigures | undefined =>
    instructions.find(({ board }) => board === name);
  const rows: readonly (readonly [string, (board: Board) => string])[] = [
    ["chip", ({ chip }) => chip],
    ["core", ({ cpu }) => CORES[cpu]],
    [
      "RAM / flash that it has, KiB",
      ({ ram, flash }) => `${cell(ram.length / KIB)} / ${cell(flash.length / KIB)}`,
    ],
    ["`double`: RAM in all, bytes", (board) => cell(of(board, "double")?.ram_bytes)],
    ["`double`: flash in all, bytes", (board) => cell(of(board, "double")?.flash_bytes)],
    ["`ecg`: RAM in all, bytes", (board) => cell(of(board, "ecg")?.ram_bytes)],
    ["`ecg`: flash in all, bytes", (board) => cell(of(board, "ecg")?.flash_bytes)],
    ["live `double` guests at once", ({ name }) => cell(live[name])],
    ["WAMR's block cache, places", ({ blockCache }) => cell(blockCache)],
    ["instructions per item, ready", (board) => cell(count(board)?.ready)],
    ["of them the C host and the firmware, %", (board) => percent(count(board)?.host_share)],
    ["of them WAMR's way to the host's functions, %", (board) => percent(count(board)?.call_share)],
    ["instructions per item, blocking", (board) => cell(count(board)?.blocking)],
  ];
  const [arm, riscv] = await Promise.all([versionOf(armGcc), versionOf(riscvFirmwareGcc)]);
  return [
    line([`GCC ${arm!}, for RISC-V ${riscv!}`, ...BOARDS.map(({ name }) => `\`${name}\``)]),
    line(["---", ...BOARDS.map(() => "---:")]),
    ...rows.map(([label, value]) => line([label, ...BOARDS.map(value)])),
  ].join("\n");
}

async function versionOf(compiler: () => Promise<Tool>): Promise<string> {
  return (await must(needTool(await compiler()), ["-dumpfullversion"])).trim();
}

function readTable(): MarkedPart {
  return markedPart(path, readFileSync(path, "utf8"), begin, end);
}
