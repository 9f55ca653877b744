/** The report as Markdown for a pull request: the answer first, the tables folded away below it. */
import type { NativeFigures } from "../../native/measure/native-figures.js";
import type { Fit } from "../../boards/fit.js";
import { ORIGIN_LABELS } from "../../source/origin.js";
import { costPerItem } from "../item-cost.js";
import type { BudgetOutcome, DeviceRam, LinearMemory, Report, ReportDiff } from "../model.js";
import { linkOf } from "../source-url.js";
import { bytes, count, figure, percent, signed } from "./format.js";
import { fold, markdownCode, markdownTable, markdownText } from "./markdown-parts.js";
import { provenanceRows } from "./provenance-rows.js";
import { sparkline } from "./sparkline.js";
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
  allocationSentence,
  boardCyclesText,
  boardMeanText,
  importsSentence,
  capitalized,
  carriedText,
  memoryBasis,
  memoryName,
  memorySentence,
  partInUse,
  stackSentence,
  stackSteps,
  measuredOf,
  measuredText,
  steadyText,
  worstCaseText,
} from "./verdicts.js";

const LIST_ROWS = 20;

/** Draws the report. */
export function markdownForm(report: Report): string {
  const blocks = [
    `### ${markdownCode(report.file)}: ${bytes(report.file_bytes)}`,
    report.budget ? budgetBlock(report.budget) : "",
    report.fit ? fitBlock(report.fit) : "",
    report.diff ? diffBlock(report, report.diff) : "",
    summary(report),
    fold("Where the bytes come from", originTable(report)),
    fold(`Functions (${count(report.functions.length)})`, functionTable(report)),
    report.sources.length > 0 ? fold("Source lines", lineTable(report)) : "",
    report.imports.count > 0 ? fold(`Imports (${report.imports.count})`, importTable(report)) : "",
    ...report.memories.map((memory) => memoryBlock(memory, report.memories.length > 1)),
    report.stack.parts.length > 0 ? fold("Deepest stack", stackTable(report)) : "",
    report.worst_cases.length > 0 ? fold("How long it can take", worstCaseTable(report)) : "",
    fold(`Allocation: ${report.allocation.verdict}`, allocationBlock(report)),
    report.device ? fold("RAM on the device", deviceTable(report.device)) : "",
    report.native ? fold("As C, without an interpreter", nativeTable(report.native)) : "",
    report.run ? fold("Cost of a run", runTable(report)) : "",
    fold("Provenance", provenanceTable(report)),
    report.notes.map((note) => `> ${markdownText(note)}`).join("\n>\n"),
  ];
  return `${blocks.filter(Boolean).join("\n\n")}\n`;
}

function summary(report: Report): string {
  const rows = [
    [
      "size",
      `${bytes(report.file_bytes)} (${bytes(report.stripped_bytes)} without custom sections, ${bytes(report.gzip_bytes)} of them by gzip)`,
    ],
    ["code", `${bytes(report.code_bytes)} in ${count(report.functions.length)} functions`],
    ["imports", importsSentence(report)],
    ["linear memory", memorySentence(report)],
    ["stack", stackSentence(report)],
    ["allocation", allocationSentence(report)],
  ];
  const { device, run } = report;
  if (device)
    rows.push([
      "RAM on the device",
      `pool of ${bytes(device.pool_bytes)}, ${bytes(device.next_instance_bytes)} for each further guest (${device.interpreter}, ${device.word_bits}-bit)`,
    ]);
  const cost = run && costPerItem(run);
  if (run && cost) {
    const blocking = run.steady ? `; ${steadyText(run.steady.blocking)} when every copy blocks` : "";
    rows.push([
      "per item",
      `${steadyText(cost)}, ${figure(run.allocations.steady_per_item?.count ?? 0)} allocations${blocking}`,
    ]);
  }
  return markdownTable(
    ["", ""],
    rows.map(([name, value]) => [`**${name}**`, markdownText(value!)]),
    [],
  );
}

function budgetBlock(budget: BudgetOutcome): string {
  const rows = budget.checks.map(({ name, limit, actual, passed, grown }) => [
    passed ? "✅" : "❌",
    markdownCode(name),
    figure(limit),
    actual === null ? "not measured" : figure(actual),
    actual === null ? "" : signed(actual - limit),
    grown.map((entry) => `${markdownCode(entry.function)} ${signed(entry.by)}`).join(", "),
  ]);
  const denied =
    budget.imports?.denied.map((name) => `\n- ❌ import that is not allowed: ${markdownCode(name)}`) ?? [];
  const title = budget.passed ? "**Within budget**" : "**Over budget**";
  return `${title} (${markdownCode(budget.path)})\n${denied.join("")}\n${markdownTable(["", "figure", "budget", "actual", "difference", "grown"], rows, [2, 3, 4])}`;
}

function fitBlock({ board, fits, guests, ...rooms }: Fit): string {
  const rows = (["ram", "flash", "images"] as const).map((kind) => {
    const { available, used } = rooms[kind];
    return [kind, count(available), count(used), signed(available - used)];
  });
  const errors = guests.flatMap(({ name, error }) =>
    error === null ? [] : [`- ${markdownCode(name)}: ${markdownText(error)}`],
  );
  const title = `**${fits ? "Fits" : "Does not fit"}** ${markdownCode(board)}`;
  return [title, markdownTable(["", "available", "used", "left"], rows, [1, 2, 3]), errors.join("\n")]
    .filter(Boolean)
    .join("\n\n");
}

function diffBlock(report: Report, diff: ReportDiff): string {
  if (diff.identical)
    return `Since ${markdownCode(diff.old_file)}: nothing changed, the builds are identical byte for byte.`;
  const figures = diff.figures.map(({ name, before, after }) => [
    name,
    figure(before),
    figure(after),
    bold(after - before),
  ]);
  const blocks = [
    `Since ${markdownCode(diff.old_file)}:`,
    markdownTable(["", "before", "after", "change"], figures, [1, 2, 3]),
  ];
  const changes = diff.functions
    .slice(0, LIST_ROWS)
    .map((entry) => [
      entry.old_name
        ? `${markdownCode(entry.old_name)} → ${markdownCode(entry.name)}`
        : markdownCode(entry.name),
      entry.change,
      count(entry.before),
      count(entry.after),
      bold(entry.after - entry.before),
      place(report, entry.source),
    ]);
  if (changes.length === 0) blocks.push("No function changed.");
  else {
    const head = ["function", "", "before", "after", "change", "source"];
    blocks.push(markdownTable(head, changes, [2, 3, 4]) + rest(diff.functions.length, changes.length));
  }
  for (const [what, { added, removed }] of Object.entries({ import: diff.imports, export: diff.exports })) {
    const lines = [
      ...added.map((name) => `- new ${what} ${markdownCode(name)}`),
      ...removed.map((name) => `- ${what} gone: ${markdownCode(name)}`),
    ];
    if (lines.length > 0) blocks.push(lines.join("\n"));
  }
  if (diff.allocation.before !== diff.allocation.after) {
    blocks.push(`**Allocation was ${diff.allocation.before}, is ${diff.allocation.after}.**`);
  }
  return blocks.join("\n\n");
}

/** A place in the source, linked where the user said what it leads to. */
function place({ source_url: template }: Report, source: string | null): string {
  if (source === null) return "";
  const link = linkOf(template, source);
  return link === null ? markdownCode(source) : `[${markdownCode(source)}](<${link}>)`;
}

function bold(change: number): string {
  return change === 0 ? "±0" : `**${signed(change)}**`;
}

function rest(total: number, shown: number): string {
  return total > shown ? `\n\n… ${count(total - shown)} more` : "";
}

function worstCaseTable(report: Report): string {
  const rows = report.worst_cases.map((worst) => {
    const measured = measuredOf(report, worst);
    return [
      markdownCode(worst.export),
      joined(worstCaseText(worst), boardCyclesText(worst)),
      joined(measured && measuredText(measured), boardMeanText(worst)),
    ];
  });
  return markdownTable(["export", "worst case", "measured"], rows, []);
}

function joined(...lines: readonly (string | null)[]): string {
  return markdownText(lines.filter((line) => line !== null).join("; "));
}

function provenanceTable(report: Report): string {
  const rows = provenanceRows(report).map(([name, value]) => [markdownText(name), markdownCode(value)]);
  return markdownTable(["", ""], rows, []);
}

function originTable({ origins, file_bytes, sections }: Report): string {
  const byOrigin = origins.map(({ origin, bytes: size }) => [
    ORIGIN_LABELS[origin],
    count(size),
    percent(size, file_bytes),
  ]);
  const bySection = sections.map(({ id, name, bytes: size }) => [
    id === 0 ? `custom ${markdownCode(name)}` : name,
    count(size),
    percent(size, file_bytes),
  ]);
  return `${markdownTable(["origin", "bytes", "share"], byOrigin, [1, 2])}\n\n${markdownTable(["section", "bytes", "share"], bySection, [1, 2])}`;
}

function functionTable(report: Report): string {
  const { functions, code_bytes } = report;
  const shown = [...functions].sort((x, y) => y.bytes - x.bytes).slice(0, LIST_ROWS);
  const rows = shown.map((entry) => [
    markdownCode(entry.name),
    count(entry.bytes),
    percent(entry.bytes, code_bytes),
    ORIGIN_LABELS[entry.origin],
    place(report, entry.source),
  ]);
  return (
    markdownTable(["function", "bytes", "of code", "origin", "source"], rows, [1, 2]) +
    rest(functions.length, shown.length)
  );
}

function lineTable(report: Report): string {
  const { sources } = report;
  const lines = sources.flatMap(({ file, lines: all }) => all.map((line) => ({ file, ...line })));
  const shown = lines.sort((x, y) => y.bytes - x.bytes).slice(0, LIST_ROWS);
  const rows = shown.map((line) => [
    place(report, `${line.file}:${line.line}`),
    count(line.bytes),
    line.text ? markdownCode(line.text.trim()) : "",
  ]);
  return markdownTable(["line", "bytes", ""], rows, [1]) + rest(lines.length, shown.length);
}

function importTable({ imports }: Report): string {
  const shown = imports.entries.slice(0, LIST_ROWS);
  const rows = shown.map((entry) => [
    markdownCode(`${entry.module} ${entry.field}`),
    entry.canonical ?? entry.kind,
    markdownText(entry.does),
    entry.kind === "func" ? markdownCode(carriedText(entry)) : "",
    entry.blocks,
    count(entry.name_bytes),
    count(entry.call_sites),
  ]);
  return (
    markdownTable(
      ["import", "canonical built-in", "does", "in → out", "blocks", "name bytes", "calls"],
      rows,
      [5, 6],
    ) + rest(imports.count, shown.length)
  );
}

function memoryBlock(memory: LinearMemory, isNamed: boolean): string {
  if (memory.regions.length === 0) return "";
  const title = isNamed ? `Linear memory: ${memoryName(memory)}` : "Linear memory";
  return fold(
    markdownText(title),
    `${markdownText(capitalized(memoryBasis(memory)))}.\n\n${memoryTable(memory)}`,
  );
}

function memoryTable(memory: LinearMemory): string {
  const shown = memory.regions.slice(0, LIST_ROWS);
  const rows = shown.map((region) => [
    count(region.address),
    count(region.bytes),
    region.kind,
    markdownText(region.label),
  ]);
  return [
    markdownTable(["address", "bytes", "kind", ""], rows, [0, 1]) + rest(memory.regions.length, shown.length),
    memorySources(memory),
  ]
    .filter(Boolean)
    .join("\n\n");
}

/** Which source files the bytes in use are of; nothing where nothing tells. */
function memorySources({ by_source: files, used_bytes: used }: LinearMemory): string {
  if (files.every(({ file }) => file === null)) return "";
  const rows = files
    .slice(0, LIST_ROWS)
    .map(({ file, bytes: size }) => [
      file === null ? "not known" : markdownCode(file),
      count(size),
      percent(size, used),
    ]);
  return markdownTable(["source file", "bytes", "of used"], rows, [1, 2]) + rest(files.length, rows.length);
}

function stackTable({ stack }: Report): string {
  const rows = stackSteps(stack).map((step) => [
    markdownText(step.what),
    count(step.bytes),
    count(step.total),
  ]);
  return markdownTable([stack.interpreter, "bytes", "in all"], rows, [1, 2]);
}

function allocationBlock(report: Report): string {
  const { evidence, reasons, verdict, paths } = report.allocation;
  const shown = reasons.slice(0, LIST_ROWS);
  const rows = shown.map(({ kind, name, why, source }) => [
    kind,
    markdownCode(name),
    markdownText(why),
    place(report, source),
  ]);
  return [
    evidence.map((line) => `- ${markdownText(line)}`).join("\n"),
    rows.length > 0 && verdict !== "found"
      ? markdownTable(["", "name", "why nobody can say", "source"], rows, []) +
        rest(reasons.length, shown.length)
      : "",
    paths.length > 0 ? pathTable(report) : "",
  ]
    .filter(Boolean)
    .join("\n\n");
}

function pathTable(report: Report): string {
  const { allocation } = report;
  const shown = allocation.paths.slice(0, LIST_ROWS);
  const rows = shown.map(({ export: name, chain, kind, source }) => [
    markdownCode(name),
    `${chain.map((step) => markdownCode(step.function) + (step.source ? ` (${place(report, step.source)})` : "")).join(" → ")} → ${kind}${source ? ` (${place(report, source)})` : ""}`,
  ]);
  return markdownTable(["export", "calls"], rows, []) + rest(allocation.leading, shown.length);
}

function nativeTable(native: NativeFigures): string {
  const rows = nativeRows(native).map(([name, value]) => [name, value === null ? "open" : count(value)]);
  return `${markdownTable([native.cpu, "bytes"], rows, [1])}\n\n${markdownText(`${native.compiler}; ${nativeStack(native)}`)}`;
}

function deviceTable(device: DeviceRam): string {
  const rows = deviceRows(device).map(([name, value]) => [name, count(value)]);
  const fits = device.fits.map(({ kib, guests }) => [`guests in ${kib} KiB`, count(guests)]);
  const head = `${device.interpreter}, ${device.word_bits} bit`;
  const ram = markdownTable([head, "bytes"], [...rows, ...fits], [1]);
  if (device.block_caches.length === 0) return ram;
  return `${ram}\n\n${markdownTable(BLOCK_CACHE_HEAD, device.block_caches.map(blockCacheCells), [0, 1, 2])}`;
}

function runTable(report: Report): string {
  const { run } = report;
  if (!run) return "";
  const rows = run.functions
    .slice(0, LIST_ROWS)
    .map((entry) => [markdownCode(entry.function), ...instructionCells(entry, run), count(entry.calls)]);
  const lines = run.lines
    .slice(0, LIST_ROWS)
    .map((entry) => [place(report, entry.source), ...instructionCells(entry, run)]);
  const byLine = run.allocations.by_line
    .slice(0, LIST_ROWS)
    .map((entry) => [place(report, entry.source), ...allocationCells(entry)]);
  const regions = run.arena.regions.map((region) => [
    markdownText(region.label),
    count(region.bytes),
    count(region.high_water_bytes),
    percent(region.high_water_bytes, region.bytes),
  ]);
  const { slots, frames, in_flight_max: inFlight } = run.operations;
  const spark = sparkline(run.arena.curve);
  return [
    markdownTable(["function", ...INSTRUCTION_HEAD, "calls"], rows, [1, 2, 3, 4]) +
      rest(run.functions.length, rows.length),
    lines.length > 0
      ? markdownTable(["line that runs", ...INSTRUCTION_HEAD], lines, [1, 2, 3]) +
        rest(run.lines.length, lines.length)
      : "",
    `Slots: ${partInUse(slots)}, at most ${count(inFlight)} in flight.${frames ? ` Frames: ${partInUse(frames)}.` : ""}`,
    regions.length > 0
      ? markdownTable(["arena region", "bytes", "high water", "full"], regions, [1, 2, 3])
      : "",
    spark === ""
      ? ""
      : `In use over the items, at most ${count(run.arena.high_water_bytes)} bytes: ${markdownCode(spark)}`,
    byLine.length > 0
      ? markdownTable(["line that allocates", ...ALLOCATION_HEAD], byLine, [1, 2, 3, 4, 5, 6]) +
        rest(run.allocations.by_line.length, byLine.length)
      : "",
  ]
    .filter(Boolean)
    .join("\n\n");
}
