/** The bench's figures as one table: a column a guest, a row a figure. */
import Table from "cli-table3";
import type { Figures, InterpreterFigures } from "./figures.js";

/** A column. */
export type Column = Figures;
/** A row. */
export type Row = readonly [label: string, value: (column: Column) => number | null];

const interpreterRows = (name: string, of: (column: Column) => InterpreterFigures | null): Row[] => [
  [`WAMR ${name}: machine instructions per item, ready`, (column) => of(column)?.instructions_ready ?? null],
  [
    `WAMR ${name}: machine instructions per item, blocking`,
    (column) => of(column)?.instructions_blocking ?? null,
  ],
  [`WAMR ${name}, 32-bit: pool bytes, first guest`, (column) => of(column)?.pool_bytes ?? null],
  [`WAMR ${name}, 32-bit: pool bytes, each further guest`, (column) => of(column)?.further_bytes ?? null],
];

/** Every row of the table: its label, and a guest's figure (null: not measured). */
export const rows: readonly Row[] = [
  ["core module, custom sections stripped: bytes", (column) => column.file_bytes],
  ["code section: bytes", (column) => column.code_bytes],
  ["linear memory used: bytes", (column) => column.linear_memory_bytes],
  ["allocations in a task's life", (column) => column.allocations],
  ["wasm instructions per item, ready", (column) => column.instructions_ready],
  ["wasm instructions per item, blocking", (column) => column.instructions_blocking],
  ["host calls per item, ready", (column) => column.host_calls_ready],
  ["host calls per item, blocking", (column) => column.host_calls_blocking],
  ...interpreterRows("classic", (column) => column.classic),
  ...interpreterRows("fast", (column) => column.fast),
  ["as C: machine instructions per item, ready", (column) => column.native?.instructions_ready ?? null],
  ["as C: machine instructions per item, blocking", (column) => column.native?.instructions_blocking ?? null],
];

/** The table as text, without a newline at its end. `-` is a figure that was not measured. */
export function tableText(columns: readonly Figures[]): string {
  const table = new Table({
    head: ["", ...columns.map((column) => column.guest)],
    colAligns: ["left", ...columns.map(() => "right" as const)],
    style: { head: [], border: [] },
  });
  for (const [label, value] of rows) {
    table.push([label, ...columns.map((column) => formatted(value(column)))]);
  }
  return table.toString();
}

function formatted(value: number | null): string {
  return value === null ? "-" : value.toLocaleString("en", { maximumFractionDigits: 1 });
}
