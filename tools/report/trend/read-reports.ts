/** Reads the reports of a folder, or says in one message which of its files are none. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { systemReason } from "../../errors/system-error.js";
import { UserError } from "../../errors/user-error.js";
import { readInput } from "../../files/read-input.js";
import { REPORT_VERSION } from "../model.js";
import type { NamedReport, TrendFields } from "./trend.js";

const HINT = "a trend is drawn from what rill report --json printed";

/**
 * The reports in `folder`: its files that end in .json, in the order of their names, numbers in them by their
 * value. @throws UserError that names each file that is no such report, or of another module
 */
export function readReports(folder: string): NamedReport[] {
  const reports: NamedReport[] = [];
  const faults: string[] = [];
  for (const name of reportFiles(folder)) {
    const path = join(folder, name);
    const read = parse(readInput(path));
    if (typeof read === "string") faults.push(`\n  ${path}: ${read}`);
    else reports.push({ name, report: read });
  }
  if (faults.length > 0)
    throw new UserError(
      `${folder}: ${faults.length} of its .json files ${faults.length === 1 ? "is no report" : "are no reports"} of this as-rill; write them again or move them away${faults.join("")}`,
    );
  if (reports.length === 0) throw new UserError(`${folder} has no file that ends in .json; ${HINT}`);
  requireOneModule(folder, reports);
  return reports;
}

function reportFiles(folder: string): string[] {
  const { compare } = new Intl.Collator("en", { numeric: true });
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json") && isFile(join(folder, name)))
      .sort((x, y) => compare(x, y) || (x < y ? -1 : 1));
  } catch (error) {
    throw new UserError(
      `${folder}: cannot be read: ${systemReason(error)}; give a folder of reports, ${HINT}`,
    );
  }
}

/** Whether it is no folder or pipe; a link that leads nowhere counts, so that it is named. */
function isFile(path: string): boolean {
  const status = statSync(path, { throwIfNoEntry: false });
  return status === undefined || status.isFile();
}

/** The report, or what is wrong with it. */
function parse(bytes: Uint8Array): TrendFields | string {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return bytes.length === 0 ? "it is empty" : "it is not JSON";
  }
  if (field(value, "schema") !== "as-rill.report") return `it is no report: ${HINT}`;
  const version = field(value, "version");
  if (version !== REPORT_VERSION)
    return `it is a report of version ${JSON.stringify(version)}, and this as-rill reads version ${REPORT_VERSION}`;
  const wrong = FIELDS.find(([path, isRight]) => !isRight(at(value, path)));
  return wrong ? `its field ${wrong[0]} is missing or damaged` : (value as TrendFields);
}

type Check = (value: unknown) => boolean;

const isFigure: Check = (value) => typeof value === "number" && Number.isFinite(value) && value >= 0;
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const isText: Check = (value) => typeof value === "string";
const isListOf =
  (name: string, check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every((item) => check(field(item, name)));

/** What is read of a report; a field below one that is null counts as null. */
const FIELDS: readonly (readonly [path: string, check: Check])[] = [
  ["file", isText],
  ["sha256", isText],
  ["stripped_bytes", isFigure],
  ["memories", isListOf("used_bytes", isFigure)],
  ["stack.stack_bytes", orNull(isFigure)],
  ["device.pool_bytes", orNull(isFigure)],
  ["run.instructions_per_item", orNull(isFigure)],
  ["run.host_calls_per_item", orNull(isFigure)],
  ["run.steady.ready.instructions_per_item", orNull(isFigure)],
  ["run.allocations.steady_per_item.count", orNull(isFigure)],
];

function at(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((inner, name) => (inner === null ? null : field(inner, name)), value);
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function requireOneModule(folder: string, reports: readonly NamedReport[]): void {
  const modules = new Map<string, string[]>();
  for (const { name, report } of reports) {
    const names = modules.get(report.file);
    if (names) names.push(name);
    else modules.set(report.file, [name]);
  }
  if (modules.size === 1) return;
  const list = [...modules].map(
    ([module, names]) =>
      `\n  ${module}: ${names.slice(0, 3).join(", ")}${names.length > 3 ? ` and ${names.length - 3} more` : ""}`,
  );
  throw new UserError(
    `${folder}: its reports are of ${modules.size} modules, and a trend is of one; give each a folder of its own${list.join("")}`,
  );
}
