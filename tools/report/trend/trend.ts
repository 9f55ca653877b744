/** The figures of one module over several reports. `rill report --trend DIR --json` prints this document. */
import { costPerItem } from "../item-cost.js";
import type { Report } from "../model.js";

/** Version of the document's form. */
export const TREND_VERSION = 1;

/** What became of a module's figures. */
export interface Trend {
  readonly schema: "as-rill.trend";
  readonly version: typeof TREND_VERSION;
  /** The module's file name, the same in every report. */
  readonly module: string;
  /** In order: by their file's name, numbers in it by their value. */
  readonly reports: readonly { readonly name: string; readonly sha256: string }[];
  readonly figures: readonly TrendFigure[];
}

/** One figure over the reports. */
export interface TrendFigure {
  readonly name: string;
  /** What it takes to have it in a report. */
  readonly needs: string | null;
  /** One for each report; null where it was not measured, or has no bound. */
  readonly values: readonly (number | null)[];
}

/** The fields of a report that a trend is drawn from. */
export type TrendFields = Pick<Report, "file" | "sha256" | "stripped_bytes"> & {
  readonly memories: readonly Pick<Report["linear_memory"], "used_bytes">[];
  readonly stack: Pick<Report["stack"], "stack_bytes">;
  readonly device: Pick<NonNullable<Report["device"]>, "pool_bytes"> | null;
  readonly run: NonNullable<Report["run"]> | null;
};

/** A report and the name of its file. */
export interface NamedReport {
  readonly name: string;
  readonly report: TrendFields;
}

type Figure = readonly [
  name: string,
  needs: string | null,
  of: (report: TrendFields) => number | null | undefined,
];

const FIGURES: readonly Figure[] = [
  ["flash bytes", null, (report) => report.stripped_bytes],
  ["RAM bytes", null, ({ memories }) => memories.reduce((sum, { used_bytes: used }) => sum + used, 0)],
  ["pool bytes", "--device", ({ device }) => device?.pool_bytes],
  ["stack bytes", null, ({ stack }) => stack.stack_bytes],
  ["instructions per item", "--run", ({ run }) => run && costPerItem(run)?.instructions_per_item],
  ["allocations per item", "--run", ({ run }) => run?.allocations.steady_per_item?.count],
];

/** The trend of these reports, which are of one module and in order. */
export function trendOf(reports: readonly NamedReport[]): Trend {
  return {
    schema: "as-rill.trend",
    version: TREND_VERSION,
    module: reports[0]!.report.file,
    reports: reports.map(({ name, report: { sha256 } }) => ({ name, sha256 })),
    figures: FIGURES.map(([name, needs, of]) => ({
      name,
      needs,
      values: reports.map(({ report }) => of(report) ?? null),
    })),
  };
}

/** A figure's first and last value that there is, and its least and greatest; null where it has none. */
export function spanOf({
  values,
}: TrendFigure): Readonly<Record<"first" | "last" | "least" | "most", number>> | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  const least = known.reduce((x, y) => Math.min(x, y));
  const most = known.reduce((x, y) => Math.max(x, y));
  return { first: known[0]!, last: known.at(-1)!, least, most };
}

/** Why a figure has no values, in words; null where it has some. */
export function whyEmpty(figure: TrendFigure): string | null {
  if (spanOf(figure) !== null) return null;
  if (figure.needs === null) return `${figure.name}: no report has a bound`;
  return `${figure.name}: not measured; reports made with ${figure.needs} have it`;
}
