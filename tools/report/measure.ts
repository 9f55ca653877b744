/** The figures that need running: on WAMR for RAM, on V8 for instructions and allocations. */
import { dirname, resolve } from "node:path";
import { UserError } from "../errors/user-error.js";
import type { ImportsFlags } from "../run/imports/open-imports.js";
import type { BudgetFile } from "./budget/budget-file.js";
import type { Analysis } from "./analysis.js";
import type { Report } from "./model.js";
import type { CallRequest } from "./run/plan-call.js";
import type { NativeFigures } from "../native/measure/native-figures.js";
import { moduleWorld } from "../wit/module-world.js";

/** What to measure, from the flags. */
export interface MeasureFlags extends ImportsFlags {
  readonly device?: string | boolean;
  /** The core of `--device native`. */
  readonly cpu?: string;
  readonly run?: boolean;
  readonly call?: string;
  readonly in: readonly string[];
  readonly limit?: number;
}

/** `--device` without an interpreter. */
const NATIVE = "native";
/** The smallest core of those that boards of as-rill have. */
const DEFAULT_CPU = "cortex-m0";

type Interpreter = "classic" | "fast";

/**
 * Adds to the report what the flags or the budget ask for.
 * @param blockCaches whether the sizes of WAMR's cache of blocks are wanted, where --device is classic
 */
export async function measure(
  analysis: Analysis,
  flags: MeasureFlags,
  budget: BudgetFile | null,
  { blockCaches }: { readonly blockCaches: boolean } = { blockCaches: true },
): Promise<Report> {
  let { report } = analysis;
  const call = callOf(flags, budget);
  const interpreter = interpreterOf(flags, budget);
  if (flags.run || budget?.run) {
    const { profileRun } = await import("./run/profile.js");
    report = { ...report, run: await profileRun(analysis, call, flags) };
  }
  if (flags.device === NATIVE) report = { ...report, native: await measuredNative(analysis, flags) };
  if (interpreter !== null) {
    const { measureDevice } = await import("./device.js");
    const device = await measureDevice(analysis, { ...call, interpreter });
    report = { ...report, device };
    if (blockCaches && flags.device && interpreter === "classic") {
      const { measureBlockCaches } = await import("./block-caches.js");
      report = {
        ...report,
        device: { ...device, block_caches: await measureBlockCaches(analysis, call, device) },
      };
    }
  }
  return report;
}

async function measuredNative({ input }: Analysis, { cpu }: MeasureFlags): Promise<NativeFigures> {
  const { measureNative } = await import("../native/measure/measure-native.js");
  const { findNativeCore } = await import("../native/measure/native-cores.js");
  const { path, bytes } = input;
  const world = moduleWorld(path, bytes);
  if (!world) throw new UserError("--device needs a module with its WIT inside (as `rill build` leaves it)");
  return measureNative({ source: path, core: bytes, world }, findNativeCore(cpu ?? DEFAULT_CPU));
}

/** As the flags say, else as the budget does; figures of one interpreter are no measure for the other. */
function interpreterOf(flags: MeasureFlags, budget: BudgetFile | null): Interpreter | null {
  const asked = flags.device === NATIVE ? null : interpreterNamed(flags.device ?? null);
  const budgeted = interpreterNamed(budget?.device ?? null);
  if (asked !== null && budgeted !== null && asked !== budgeted) {
    throw new UserError(
      `${budget!.path} has figures of WAMR ${budgeted}, not ${asked}: take another budget, or no --device`,
    );
  }
  return asked ?? budgeted;
}

function interpreterNamed(device: string | boolean | null): Interpreter | null {
  if (device === null || device === false) return null;
  if (device === true || device === "classic") return "classic";
  if (device === "fast") return "fast";
  throw new UserError(`--device takes classic, fast or native, not ${device}`);
}

/** What is called, with what: as the flags say, else as the budget does; its files lie beside it. */
export function callOf(flags: MeasureFlags, budget: BudgetFile | null): CallRequest {
  if (flags.run || flags.call !== undefined || flags.in.length > 0 || !budget?.run) {
    return { call: flags.call ?? null, inputs: flags.in, limit: flags.limit ?? null };
  }
  const folder = dirname(budget.path);
  const inputs = budget.run.in.map((entry) => {
    const at = entry.indexOf("=");
    return `${entry.slice(0, at + 1)}${resolve(folder, entry.slice(at + 1))}`;
  });
  return { call: budget.run.call, inputs, limit: budget.run.limit ?? null };
}
