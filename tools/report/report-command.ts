/** What `rill report` does with its flags: analyse, measure, compare, then print one form. */
import { basename, resolve } from "node:path";
import { optionName } from "../errors/option-name.js";
import { CheckFailure, UserError } from "../errors/user-error.js";
import { refuseSameFile } from "../files/same-file.js";
import { visible, visibleDocument } from "../errors/visible-text.js";
import { replaceFile } from "../files/write-whole.js";
import type { MeanCycles } from "../boards/mean-cycles.js";
import { misfit } from "../boards/fit-command.js";
import { type Board, findBoard } from "../pack/board-table.js";
import { type BudgetFile, readBudget } from "./budget/budget-file.js";
import { checkBudget, describeFailure } from "./budget/check-budget.js";
import type { Analysis } from "./analysis.js";
import { analyse } from "./build-report.js";
import { compareBuilds } from "./diff/compare.js";
import { cHeaderForm } from "./forms/c-header-form.js";
import { jsonForm } from "./forms/json-form.js";
import { markdownForm } from "./forms/markdown-form.js";
import { textForm } from "./forms/text-form.js";
import { measuredOf } from "./forms/verdicts.js";
import { isComponent, loadInput } from "./load-input.js";
import { callOf, measure, type MeasureFlags } from "./measure.js";
import type { Report } from "./model.js";
import type { CallRequest } from "./run/plan-call.js";
import { sourceUrl } from "./source-url.js";
import { reportSchema } from "./report-schema.js";

/** Flags that say how to read the module. */
export interface ReadFlags {
  readonly core?: number;
  readonly sourceMap?: string | false;
  /** False where figures of an invalid module are wanted too. */
  readonly validate?: boolean | undefined;
}

/** The command line's flags, as commander gives them. */
export interface ReportFlags extends ReadFlags, MeasureFlags {
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly html?: string;
  readonly cHeader?: string;
  readonly sbom?: string;
  readonly schema?: boolean;
  readonly budget?: string;
  readonly diff?: string;
  readonly diffCore?: number;
  readonly diffSourceMap?: string;
  readonly all?: boolean;
  readonly board?: string;
  readonly trend?: string;
  readonly sourceUrl?: string;
}

/** Runs the command. */
export async function runReport(path: string | undefined, flags: ReportFlags): Promise<void> {
  if (flags.schema) {
    if (path !== undefined) throw new UserError(`--schema is of every report; leave out ${path}`);
    process.stdout.write(`${JSON.stringify(reportSchema, null, 2)}\n`);
    return;
  }
  requireSane(flags);
  if (flags.trend !== undefined) {
    requireTrendOnly(path, flags);
    const { runTrend } = await import("./trend/trend-command.js");
    runTrend({ ...flags, trend: flags.trend });
    return;
  }
  if (path === undefined) throw new UserError("name the core module: rill report CORE.wasm");
  requireDiff(flags);
  refuseOwnInputs(path, flags);
  if (flags.sourceUrl !== undefined) sourceUrl(flags.sourceUrl);
  const budget = flags.budget === undefined ? null : readBudget(flags.budget);
  requireRun(flags, budget);
  const analysis = await analyseFile(path, flags);
  let report = await measure(analysis, flags, budget);
  if (flags.sourceUrl !== undefined) report = { ...report, source_url: sourceUrl(flags.sourceUrl) };
  if (flags.diff !== undefined) report = await compared(flags.diff, { ...analysis, report }, flags, budget);
  if (flags.board !== undefined) {
    const { fitOn } = await import("../boards/fit.js");
    const board = findBoard(flags.board);
    const fit = await fitOn(board, [path]);
    report = { ...report, fit };
    report = await withCycles(board, path, { ...analysis, report }, callOf(flags, budget));
  }
  if (budget) report = { ...report, budget: checkBudget(report, budget) };
  await print(report, analysis.warnings, flags);
  if (report.fit && !report.fit.fits) throw new CheckFailure(misfit(report.fit));
  if (report.budget && !report.budget.passed) throw new CheckFailure(describeFailure(report.budget));
}

/**
 * The report with how long an item takes the board's core, beside what it takes in instructions: at most, and
 * where the guest fits and its items were measured, on average.
 */
async function withCycles(
  board: Board,
  path: string,
  { input, report }: Analysis,
  call: CallRequest,
): Promise<Report> {
  const { worstCyclesOn } = await import("../boards/worst-cycles.js");
  const { export: name, cycles, obstacles } = await worstCyclesOn(board, path);
  const worst = report.worst_cases.find((found) => found.export === name);
  if (worst === undefined) return report;
  const isMeasured = measuredOf(report, worst) !== null && report.fit?.fits === true;
  const mean = isMeasured ? await meanCycles(board, path, input.bytes, call) : null;
  const onBoard = { board: board.name, cycles, obstacles, mean };
  const cases = report.worst_cases.map((found) =>
    found === worst ? { ...worst, on_board: onBoard } : found,
  );
  return { ...report, worst_cases: cases };
}

async function meanCycles(
  board: Board,
  path: string,
  core: Uint8Array,
  call: CallRequest,
): Promise<MeanCycles | null> {
  const { planCall } = await import("./run/plan-call.js");
  const { meanCyclesOn } = await import("../boards/mean-cycles.js");
  const { rawInputs } = await import("../run/raw-inputs.js");
  const plan = planCall(path, core, call);
  return meanCyclesOn(board, path, (most) => rawInputs(plan, most));
}

/** The report with what changed since `oldPath`, which is read and measured as the flags say of both. */
async function compared(
  oldPath: string,
  now: Analysis,
  flags: ReportFlags,
  budget: BudgetFile | null,
): Promise<Report> {
  const { core, diffCore, sourceMap, diffSourceMap } = flags;
  const oldCore = diffCore ?? (core !== undefined && isComponent(oldPath) ? core : undefined);
  const old = await analyseFile(oldPath, {
    ...(oldCore !== undefined && { core: oldCore }),
    ...(diffSourceMap !== undefined && { sourceMap: diffSourceMap }),
    ...(sourceMap === false && { sourceMap }),
    validate: flags.validate,
  });
  try {
    const measured = await measure(old, flags, budget, { blockCaches: false });
    return { ...now.report, diff: compareBuilds({ ...old, report: measured }, now) };
  } catch (error) {
    if (!(error instanceof UserError || error instanceof CheckFailure)) throw error;
    const note = `${basename(oldPath)} could not be measured as this build was: ${error.message}`;
    const { report } = now;
    return { ...report, diff: compareBuilds(old, now), notes: [...report.notes, note] };
  }
}

/** Analyses the module at `path` as the flags say. */
export async function analyseFile(path: string, flags: ReadFlags): Promise<Analysis> {
  const input = await loadInput(path, flags.core ?? null, flags.validate ?? true);
  const analysis = analyse(input, { sourceMap: flags.sourceMap ?? null });
  for (const warning of analysis.warnings) process.stderr.write(`rill: warning: ${visible(warning)}\n`);
  return analysis;
}

function requireSane(flags: ReportFlags): void {
  const { json, markdown, all } = flags;
  if (all && (json || markdown || outputsOf(flags).length > 0))
    throw new UserError("--all is for the report as text: the other forms list everything");
  if (json && markdown)
    throw new UserError("--json and --markdown exclude each other: one document goes to stdout");
}

/** The flags that a trend takes; the others are of a module. */
const OF_TREND: ReadonlySet<string> = new Set(["trend", "json", "markdown", "html", "all"]);

/** Flags that `--no-…` turns off. */
const TRUE_BY_DEFAULT: ReadonlySet<string> = new Set(["sourceMap", "validate"]);

/** @throws UserError for a module, or a flag of one, beside --trend */
function requireTrendOnly(path: string | undefined, flags: ReportFlags): void {
  if (path !== undefined) throw new UserError(`--trend reads the reports in its folder; leave out ${path}`);
  const given = Object.entries(flags).find(
    ([name, value]) =>
      !OF_TREND.has(name) && isGiven(value) && !(TRUE_BY_DEFAULT.has(name) && value === true),
  );
  if (given === undefined) return;
  const no = given[1] === false ? "no-" : "";
  throw new UserError(`--${no}${optionName(given[0])} goes with a module, and --trend takes none`);
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

/** @throws UserError for a flag of the older build where there is none */
function requireDiff({ diff, diffCore, diffSourceMap }: ReportFlags): void {
  if (diff !== undefined) return;
  const given =
    diffCore !== undefined ? "--diff-core" : diffSourceMap !== undefined ? "--diff-source-map" : null;
  if (given !== null) throw new UserError(`${given} goes with --diff OLD.wasm`);
}

/** @throws UserError when a form is to be written to a file that is read, or both are to be written to one */
function refuseOwnInputs(path: string, flags: ReportFlags): void {
  const { budget, diff, sourceMap, diffSourceMap, in: given = [] } = flags;
  const files = [
    path,
    budget,
    diff,
    sourceMap,
    diffSourceMap,
    ...given.map((text) => text.slice(text.indexOf("=") + 1)),
  ];
  const read = files.flatMap((file) => (typeof file === "string" ? [{ name: file, path: file }] : []));
  const written = outputsOf(flags);
  for (const [index, output] of written.entries()) {
    refuseSameFile({ name: `${output.flag} ${output.path}`, path: output.path }, read);
    const twin = written.slice(0, index).find(({ path: other }) => resolve(other) === resolve(output.path));
    if (twin)
      throw new UserError(
        `${twin.flag} and ${output.flag} both write ${twin.path}; give each a file of its own`,
      );
  }
}

/** A form that goes to a file. */
interface Output {
  readonly flag: string;
  readonly path: string;
  readonly draw: (report: Report) => string | Promise<string>;
}

function outputsOf({ html, cHeader, sbom }: ReportFlags): Output[] {
  const outputs: (Omit<Output, "path"> & { readonly path: string | undefined })[] = [
    {
      flag: "--html",
      path: html,
      draw: async (report) => (await import("./html/html-form.js")).htmlForm(report),
    },
    { flag: "--c-header", path: cHeader, draw: cHeaderForm },
    {
      flag: "--sbom",
      path: sbom,
      draw: async ({ file, sha256, provenance }) =>
        (await import("../provenance/sbom.js")).sbomOf({ file, sha256, ...provenance }),
    },
  ];
  return outputs.flatMap(({ path, ...output }) => (path === undefined ? [] : [{ ...output, path }]));
}

/** @throws UserError for a flag of a run where nothing runs */
function requireRun(flags: ReportFlags, budget: BudgetFile | null): void {
  const imports = flags.imports !== undefined ? "--imports" : flags.stub === true ? "--stub" : null;
  if (imports !== null && !flags.run && !budget?.run)
    throw new UserError(`${imports} goes with --run: without it the guest calls nothing on V8`);
  if (flags.cpu !== undefined && flags.device !== "native")
    throw new UserError(`--cpu ${flags.cpu} goes with --device native: WAMR is measured on this machine`);
  if (flags.run || (flags.device && flags.device !== "native") || budget?.run || budget?.device) return;
  const given = [
    flags.call !== undefined && "--call",
    flags.in.length > 0 && "--in",
    flags.limit !== undefined && "--limit",
  ].find((flag) => flag !== false);
  if (given) throw new UserError(`${given} goes with --run or --device: without them the guest is not run`);
}

/** Prints; every form but JSON, which escapes by itself, gets the document with its names made visible. */
async function print(document: Report, warnings: readonly string[], flags: ReportFlags): Promise<void> {
  if (flags.json && outputsOf(flags).length === 0) {
    process.stdout.write(jsonForm(document));
    return;
  }
  const report = visibleDocument(document);
  const written = await writeFiles(report, flags);
  if (flags.json) process.stdout.write(jsonForm(document));
  else if (flags.markdown) process.stdout.write(markdownForm(report));
  else if (written.length === 0) {
    // Who reads the text has the warnings on stderr.
    const notes = document.notes.filter((note) => !warnings.includes(note)).map(visible);
    process.stdout.write(textForm({ ...report, notes }, flags.all ?? false));
  } else for (const path of written) process.stdout.write(`${visible(path)} written\n`);
}

/** Writes the forms that are files; a file is whole or not there. */
async function writeFiles(report: Report, flags: ReportFlags): Promise<string[]> {
  const outputs = outputsOf(flags);
  for (const { path, draw } of outputs) replaceFile(path, await draw(report));
  return outputs.map(({ path }) => path);
}
