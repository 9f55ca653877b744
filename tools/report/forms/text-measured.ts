/** The parts of the terminal report that come from running, comparing and checking. */
import type { NativeFigures } from "../../native/measure/native-figures.js";
import pc from "picocolors";
import type { BudgetOutcome, DeviceRam, ReportDiff, RunProfile } from "../model.js";
import { count, figure, percent, shorten, signed } from "./format.js";
import { sparkline } from "./sparkline.js";
import { more, table, terminalWidth } from "./text-table.js";
import {
  ALLOCATION_HEAD,
  allocationCells,
  BLOCK_CACHE_HEAD,
  blockCacheCells,
  deviceRows,
  nativeRows,
  nativeStack,
  INSTRUCTION_HEAD,
  instructionCells,
  partInUse,
  steadyText,
} from "./verdicts.js";

const NAME_CELLS = 60;
/** Cells of the line around the curve of bytes in use. */
const BESIDE_CURVE = 54;

/** What changed. */
export function diffText(diff: ReportDiff, limit: number): string {
  const figures = diff.figures.map(({ name, before, after }) => [
    name,
    figure(before),
    figure(after),
    coloured(after - before),
  ]);
  const changes = diff.functions
    .slice(0, limit)
    .map((entry) => [
      coloured(entry.after - entry.before),
      count(entry.before),
      count(entry.after),
      entry.change,
      shorten(entry.old_name ? `${entry.old_name} → ${entry.name}` : entry.name, NAME_CELLS),
      entry.source ?? "",
    ]);
  if (diff.identical)
    return pc.bold(`Since ${diff.old_file}: nothing changed, the builds are identical byte for byte`);
  const blocks = [table(`Since ${diff.old_file}`, ["", "before", "after", "change"], figures, [1, 2, 3])];
  if (diff.functions.length === 0) blocks.push(pc.bold("No function changed."));
  if (changes.length > 0) {
    const head = ["change", "before", "after", "", "function", "source"];
    blocks.push(
      table("Functions that changed", head, changes, [0, 1, 2]) + more(diff.functions.length, changes.length),
    );
  }
  for (const [what, { added, removed }] of Object.entries({ imports: diff.imports, exports: diff.exports })) {
    const lines = [
      ...added.map((name) => pc.red(`  + ${name}`)),
      ...removed.map((name) => pc.green(`  − ${name}`)),
    ];
    if (lines.length > 0) blocks.push([pc.bold(`Changed ${what}`), ...lines].join("\n"));
  }
  if (diff.allocation.before !== diff.allocation.after) {
    blocks.push(pc.bold(`Allocation was ${diff.allocation.before}, is ${diff.allocation.after}`));
  }
  return blocks.join("\n\n");
}

/** The budget's outcome. */
export function budgetText(budget: BudgetOutcome): string {
  const rows = budget.checks.map(({ name, limit, actual, passed }) => [
    actual === null ? pc.yellow("not measured") : passed ? pc.green("ok") : pc.red("over"),
    name,
    figure(limit),
    actual === null ? "" : figure(actual),
    actual === null ? "" : signed(actual - limit),
  ]);
  const denied = budget.imports?.denied.map((name) => `\n  ${pc.red("not allowed")}  import ${name}`) ?? [];
  return (
    table(`Budget ${budget.path}`, ["", "figure", "budget", "actual", "difference"], rows, [2, 3, 4]) +
    denied.join("")
  );
}

/** RAM on a device. */
export function deviceText(device: DeviceRam): string {
  const rows = deviceRows(device).map(([name, value]) => [name, count(value)]);
  const fits = device.fits.map(({ kib, guests }) => [`guests in ${kib} KiB`, count(guests)]);
  const title = `RAM on the device, measured: ${device.interpreter}, ${device.word_bits}-bit`;
  const ram = table(title, ["", "bytes"], [...rows, ...fits], [1]);
  if (device.block_caches.length === 0) return ram;
  const caches = table(
    "WAMR's cache of blocks",
    BLOCK_CACHE_HEAD,
    device.block_caches.map(blockCacheCells),
    [0, 1, 2],
  );
  return `${ram}\n\n${caches}`;
}

/** The guest as C on a core. */
export function nativeText(native: NativeFigures): string {
  const rows = nativeRows(native).map(([name, value]) => [name, value === null ? "open" : count(value)]);
  const figures = table(`As C, without an interpreter: ${native.cpu}`, ["", "bytes"], rows, [1]);
  return `${figures}\n  ${pc.dim(native.compiler)}\n  ${pc.dim(nativeStack(native))}`;
}

/** What a run cost. */
export function runText(run: RunProfile, limit: number, textOf: (source: string) => string): string {
  const quoted = (source: string): string => pc.dim(shorten(textOf(source), NAME_CELLS));
  const functions = run.functions.map((entry) => [
    ...instructionCells(entry, run),
    count(entry.calls),
    shorten(entry.function, NAME_CELLS),
  ]);
  const lines = run.lines.map((entry) => [
    ...instructionCells(entry, run),
    entry.source,
    quoted(entry.source),
  ]);
  const regions = run.arena.regions.map((region) => [
    count(region.high_water_bytes),
    count(region.bytes),
    percent(region.high_water_bytes, region.bytes),
    region.label,
  ]);
  const allocations = run.allocations.by_line.map((entry) => [
    ...allocationCells(entry),
    entry.source,
    quoted(entry.source),
  ]);
  const shortened = (title: string, head: readonly string[], rows: string[][], numbers: number[]): string =>
    rows.length === 0
      ? ""
      : table(title, head, rows.slice(0, limit), numbers) + more(rows.length, Math.min(rows.length, limit));
  return [
    [pc.bold(`Run of ${run.call} on ${run.host}`), ...runFigures(run)].join("\n"),
    shortened(
      "Instructions by function",
      [...INSTRUCTION_HEAD, "calls", "function"],
      functions,
      [0, 1, 2, 3],
    ),
    shortened("Instructions by source line", [...INSTRUCTION_HEAD, "line", ""], lines, [0, 1, 2]),
    shortened("Arena regions", ["high water", "bytes", "full", "region"], regions, [0, 1, 2]),
    shortened(
      "Allocations by source line",
      [...ALLOCATION_HEAD, "line", ""],
      allocations,
      [0, 1, 2, 3, 4, 5],
    ),
  ]
    .filter((block) => block !== "")
    .join("\n\n");
}

/** One line a figure. */
function runFigures({ operations, arena, allocations, steady, trap, ...run }: RunProfile): string[] {
  const per = (value: number | null): string => (value === null ? "" : `, ${figure(value)} per item`);
  const spark = sparkline(arena.curve, Math.min(60, terminalWidth() - BESIDE_CURVE));
  const figures: readonly (readonly [name: string, text: string | null])[] = [
    ["items", `${run.items_in ?? "?"} in, ${run.items_out ?? "?"} out`],
    ["instructions", count(run.instructions) + per(run.instructions_per_item)],
    ["host calls", count(run.host_calls) + per(run.host_calls_per_item)],
    [
      "allocations",
      `${count(allocations.count)} of ${count(allocations.bytes)} B${per(allocations.steady_per_item?.count ?? null)}`,
    ],
    ["slots", `${partInUse(operations.slots)}, at most ${count(operations.in_flight_max)} in flight`],
    ["frames", operations.frames && partInUse(operations.frames)],
    ["in use", spark && `${count(arena.high_water_bytes)} B at most  ${pc.cyan(spark)} over the items`],
    [
      "one more item",
      steady && `${steadyText(steady.ready)} when ready; ${steadyText(steady.blocking)} when it blocks`,
    ],
  ];
  const lines = figures.flatMap(([name, text]) => (text ? [`  ${pc.dim(name.padEnd(14))}${text}`] : []));
  return trap ? [...lines, `  ${pc.red(`trap: ${trap}`)}`] : lines;
}

function coloured(change: number): string {
  return change > 0 ? pc.red(signed(change)) : change < 0 ? pc.green(signed(change)) : signed(change);
}
