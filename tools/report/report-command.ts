/** What `rill report` does with its flags: analyse, measure, compare, then print one form. */
import { UserError } from "../errors/user-error.js";
import { analyse, type Analysis } from "./build-report.js";
import { jsonForm } from "./forms/json-form.js";
import { textForm } from "./forms/text-form.js";
import { loadInput } from "./load-input.js";
import type { Report } from "./model.js";

/** The command line's flags, as commander gives them. */
export interface ReportFlags {
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly html?: string;
  readonly cHeader?: string;
  readonly schema?: boolean;
  readonly budget?: string;
  readonly diff?: string;
  readonly core?: number;
  readonly sourceMap?: string | false;
  readonly all?: boolean;
  readonly device?: string | boolean;
  readonly run?: boolean;
  readonly call?: string;
  readonly in: readonly string[];
  readonly limit?: number;
}

/** Runs the command. */
export async function runReport(path: string | undefined, flags: ReportFlags): Promise<void> {
  if (path === undefined) throw new UserError("name the core module: rill report CORE.wasm");
  if (Number.isNaN(flags.core)) throw new UserError("--core takes the number of a core module, from 0");
  const analysis = await analyseFile(path, flags);
  process.stdout.write(
    flags.json ? jsonForm(analysis.report) : textForm(analysis.report, flags.all ?? false),
  );
}

/** Analyses the module at `path` as the flags say. */
export async function analyseFile(
  path: string,
  flags: Pick<ReportFlags, "core" | "sourceMap">,
): Promise<Analysis> {
  const input = loadInput(path, flags.core ?? null);
  return analyse(input, { sourceMap: flags.sourceMap ?? null });
}

export type { Report };
