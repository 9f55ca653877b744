/** The report for a terminal. Colours are picocolors' affair: there are none where stdout is no terminal. */
import pc from "picocolors";
import { fitText } from "../../boards/fit-command.js";
import { ORIGIN_LABELS } from "../../source/origin.js";
import type { LinearMemory, Report } from "../model.js";
import { address, bytes, count, percent, shorten } from "./format.js";
import { lineTexts } from "./line-texts.js";
import { widthOf, wrapLine } from "./fit-width.js";
import { provenanceRows } from "./provenance-rows.js";
import { more, table, terminalWidth } from "./text-table.js";
import { budgetText, deviceText, nativeText, diffText, runText } from "./text-measured.js";
import {
  allocationSentence,
  boardCyclesText,
  boardMeanText,
  allocationTone,
  carriedText,
  importsSentence,
  capitalized,
  memoryBasis,
  memoryName,
  memoryLines,
  stackSentence,
  stackSteps,
  type Tone,
  measuredOf,
  measuredText,
  worstCaseText,
} from "./verdicts.js";

const COLOURS: Readonly<Record<Tone, (text: string) => string>> = {
  good: pc.green,
  plain: pc.green,
  unsure: pc.yellow,
  bad: pc.red,
};
const LIST_ROWS = 15;
const BAR_CELLS = 24;
const NAME_CELLS = 60;

/**
 * Draws the report, no wider than the terminal. `all` lists everything; lists are cut to their largest
 * entries otherwise, and on a terminal the text to one screen.
 */
export function textForm(report: Report, all: boolean): string {
  const rows = all ? Number.POSITIVE_INFINITY : LIST_ROWS;
  const blocks = [
    summary(report),
    report.diff ? diffText(report.diff, rows) : "",
    report.fit ? fitText(report.fit).trimEnd() : "",
    report.budget ? budgetText(report.budget) : "",
    origins(report),
    sections(report),
    functions(report, rows),
    sources(report, rows),
    imports(report, rows),
    ...report.memories.map((one) => memory(one, report.memories.length > 1, rows)),
    stack(report),
    worstCases(report),
    allocation(report, rows),
    report.device ? deviceText(report.device) : "",
    report.native ? nativeText(report.native) : "",
    report.run ? runText(report.run, rows, lineTexts(report)) : "",
    provenance(report),
    notes(report),
  ];
  const text = blocks.filter(Boolean).join("\n\n");
  const lines = text.split("\n").flatMap((line) => wrapLine(line, terminalWidth()));
  return `${(all ? lines : firstScreen(lines)).join("\n")}\n`;
}

/** As many lines as a terminal shows at once, its prompt below them; all where there is none. */
function firstScreen(lines: readonly string[]): readonly string[] {
  const { isTTY, rows } = process.stdout;
  if (!isTTY || lines.length < rows) return lines;
  const shown = lines.slice(0, Math.max(10, rows - 2));
  return [...shown, pc.dim(`… ${count(lines.length - shown.length)} more lines (--all)`)];
}

function bar(part: number, whole: number): string {
  const cells = whole === 0 ? 0 : Math.max(part > 0 ? 1 : 0, Math.round((part / whole) * BAR_CELLS));
  return pc.cyan("█".repeat(cells)) + pc.dim("░".repeat(BAR_CELLS - cells));
}

function summary(report: Report): string {
  const custom = report.custom_bytes > 0 ? `, ${bytes(report.stripped_bytes)} without custom sections` : "";
  const colour = COLOURS[allocationTone(report.allocation)];
  const lines: [string, string][] = [
    ["size", `${bytes(report.file_bytes)}${custom}, ${bytes(report.gzip_bytes)} by gzip`],
    ["code", `${bytes(report.code_bytes)} in ${count(report.functions.length)} functions`],
    ["imports", importsSentence(report)],
    ...memoryLines(report).map((line): [string, string] => ["memory", line]),
    ["stack", stackSentence(report)],
    ["allocation", colour(allocationSentence(report))],
  ];
  return [pc.bold(report.file), ...lines.flatMap(([name, value]) => summaryLine(name, value))].join("\n");
}

/** A figure behind its name, or below it when it is too long. */
function summaryLine(name: string, value: string): string[] {
  const line = `  ${pc.dim(name.padEnd(11))}${value}`;
  return widthOf(line) <= terminalWidth() ? [line] : [`  ${pc.dim(name)}`, `    ${value}`];
}

function origins({ origins, file_bytes }: Report): string {
  const rows = origins.map(({ origin, bytes: size }) => [
    ORIGIN_LABELS[origin],
    count(size),
    percent(size, file_bytes),
    bar(size, file_bytes),
  ]);
  return table(
    "Where the bytes come from",
    ["origin", "bytes", "share", ""],
    [...rows, ["all", count(file_bytes), "", ""]],
    [1, 2],
  );
}

function sections({ sections, file_bytes }: Report): string {
  const rows = sections.map(({ id, name, bytes: size }) => [
    id === 0 ? `custom ${JSON.stringify(name)}` : name,
    count(size),
    percent(size, file_bytes),
  ]);
  const all = [["magic and version", "8", percent(8, file_bytes)], ...rows];
  return table("Sections", ["section", "bytes", "share"], all, [1, 2]);
}

function functions({ functions, code_bytes }: Report, limit: number): string {
  if (functions.length === 0) return "";
  const shown = [...functions].sort((x, y) => y.bytes - x.bytes).slice(0, limit);
  // With a source map the source tells the origin.
  const hasSources = shown.some(({ source }) => source !== null);
  const rows = shown.map((entry) => [
    count(entry.bytes),
    percent(entry.bytes, code_bytes),
    count(entry.retained_bytes),
    entry.frame_bytes === null ? "" : count(entry.frame_bytes),
    shorten(entry.name, NAME_CELLS),
    hasSources ? (entry.source ?? "") : ORIGIN_LABELS[entry.origin],
  ]);
  const head = ["bytes", "of code", "retained", "frame", "function", hasSources ? "source" : "origin"];
  return table("Functions", head, rows, [0, 1, 2, 3]) + more(functions.length, shown.length);
}

function sources({ sources, code_bytes }: Report, limit: number): string {
  if (sources.length === 0) return "";
  const files = sources
    .slice(0, limit)
    .map((entry) => [
      count(entry.bytes),
      percent(entry.bytes, code_bytes),
      entry.file,
      ORIGIN_LABELS[entry.origin],
    ]);
  const lines = sources
    .flatMap(({ file, lines: all }) => all.map((line) => ({ file, ...line })))
    .sort((x, y) => y.bytes - x.bytes);
  const shown = lines
    .slice(0, limit)
    .map(({ file, line, bytes: size, text }) => [
      count(size),
      `${file}:${line}`,
      pc.dim(shorten((text ?? "").trim(), NAME_CELLS)),
    ]);
  return [
    table("Source files", ["bytes", "of code", "file", "origin"], files, [0, 1]) +
      more(sources.length, files.length),
    table("Source lines", ["bytes", "line", ""], shown, [0]) + more(lines.length, shown.length),
  ].join("\n\n");
}

function imports({ imports }: Report, limit: number): string {
  if (imports.count === 0) return "";
  const shown = imports.entries
    .slice(0, limit)
    .map((entry) => [
      entry.canonical ?? entry.kind,
      `${entry.module} ${entry.field}`,
      count(entry.name_bytes),
    ]);
  const may = imports.entries.slice(0, limit).map((entry) => {
    const carried = entry.kind === "func" ? `, ${carriedText(entry)}` : "";
    const blocks = { never: "never blocks", may: "may block", unknown: pc.yellow("may block: unknown") }[
      entry.blocks
    ];
    const calls = `${count(entry.call_sites)} call${entry.call_sites === 1 ? "" : "s"}`;
    return `  ${pc.dim(`${entry.module} ${entry.field}:`)} ${entry.does}${carried}; ${blocks}; ${calls}`;
  });
  const saving = imports.name_bytes - imports.shortest_name_bytes;
  const title = `Imports: ${imports.count}, names ${count(imports.name_bytes)} B (one-letter names would save ${count(saving)} B)`;
  return [
    table(title, ["built-in", "import", "B"], shown, [2]),
    [pc.bold("What it may do"), ...may].join("\n"),
  ]
    .map((block) => block + more(imports.count, shown.length))
    .join("\n\n");
}

function memory(memory: LinearMemory, isNamed: boolean, limit: number): string {
  if (memory.regions.length === 0) return "";
  const shown = memory.regions
    .slice(0, limit)
    .map((region) => [
      address(region.address),
      count(region.bytes),
      region.kind,
      shorten(region.label, NAME_CELLS),
    ]);
  const obstacles = memory.shrink_obstacles.map((why) => `\n  ${pc.dim(`WAMR allots whole pages: ${why}`)}`);
  return (
    table(
      `${isNamed ? capitalized(memoryName(memory)) : "Linear memory"}: ${memoryBasis(memory)}`,
      ["address", "bytes", "kind", ""],
      shown,
      [1],
    ) +
    more(memory.regions.length, shown.length) +
    obstacles.join("") +
    memorySources(memory, isNamed, limit)
  );
}

/** Which source files the bytes in use are of; nothing where nothing tells. */
function memorySources(memory: LinearMemory, isNamed: boolean, limit: number): string {
  const { by_source: files, used_bytes: used } = memory;
  if (files.every(({ file }) => file === null)) return "";
  const rows = files
    .slice(0, limit)
    .map(({ file, bytes: size }) => [count(size), percent(size, used), file ?? "not known"]);
  const title = `${isNamed ? capitalized(memoryName(memory)) : "Linear memory"} by source file`;
  return `\n\n${table(title, ["bytes", "of used", "file"], rows, [0, 1])}${more(files.length, rows.length)}`;
}

function stack({ stack }: Report): string {
  if (stack.stack_bytes === null) return "";
  const rows = stackSteps(stack).map((step) => [
    count(step.bytes),
    count(step.total),
    shorten(step.what, NAME_CELLS + 20),
  ]);
  const operands = stack.operand_cells;
  const deepest = operands
    ? `; deepest operand stack ${operands.cells} cells in ${shorten(operands.function, NAME_CELLS)}`
    : "";
  return table(
    `Deepest stack: stack_size ${count(stack.stack_bytes)} (${stack.interpreter})${deepest}`,
    ["bytes", "in all", ""],
    rows,
    [0, 1],
  );
}

function allocation({ allocation }: Report, limit: number): string {
  const evidence = allocation.evidence.map((line) => `  ${line}`);
  const blocks = [[pc.bold(`Allocation: ${allocation.verdict}`), ...evidence].join("\n")];
  const reasons = allocation.reasons
    .slice(0, limit)
    .map(({ kind, name, why, source }) => [kind, shorten(name, NAME_CELLS), why, source ?? ""]);
  if (reasons.length > 0 && allocation.verdict !== "found")
    blocks.push(
      table("Why nobody can say", ["", "name", "", "source"], reasons, []) +
        more(allocation.reasons.length, reasons.length),
    );
  const shown = allocation.paths.slice(0, limit).map(({ export: name, chain, kind, source }) => {
    const steps = chain.map(
      (step) => `${shorten(step.function, 40)}${step.source ? pc.dim(` (${step.source})`) : ""}`,
    );
    const end = `${pc.yellow(kind)}${source ? pc.dim(` (${source})`) : ""}`;
    return `  ${shorten(name, 40)}: ${[...steps, end].join(" → ")}`;
  });
  if (shown.length > 0)
    blocks.push(
      [pc.bold("How exports get to an allocation"), ...shown].join("\n") +
        more(allocation.leading, shown.length),
    );
  return blocks.join("\n\n");
}

function worstCases(report: Report): string {
  if (report.worst_cases.length === 0) return "";
  const lines = report.worst_cases.flatMap((worst) => {
    const tone = worst.instructions === null ? pc.yellow : pc.green;
    const measured = measuredOf(report, worst);
    const onBoard = [boardCyclesText(worst), boardMeanText(worst)].filter((line) => line !== null);
    return [
      `  ${pc.dim(`${worst.export}:`)} ${tone(worstCaseText(worst))}`,
      ...(measured ? [`    ${measuredText(measured)}`] : []),
      ...onBoard.map((line) => `    ${line}`),
    ];
  });
  return [pc.bold("How long it can take"), ...lines].join("\n");
}

function provenance(report: Report): string {
  const rows = provenanceRows(report).map(([name, value]) => `  ${pc.dim(`${name}:`)} ${value}`);
  return [pc.bold("Provenance"), ...rows].join("\n");
}

function notes({ notes }: Report): string {
  return notes.map((note) => pc.dim(`note: ${note}`)).join("\n");
}
