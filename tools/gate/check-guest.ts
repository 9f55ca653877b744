/** The gate on one guest: builds it twice, explores each build, and turns what was found into findings. */
import { refuseUnusedBackpressure } from "../compile/backpressure.js";
import {
  type GuestSizes,
  type GuestSource,
  type PreparedGuest,
  type WaitStrategy,
  prepareGuest,
  sizeConstants,
} from "../compile/guest-module.js";
import { hasBlocks } from "../compile/task-count.js";
import { UserError } from "../errors/user-error.js";
import type { CheckingForm, CheckingModule } from "./instrumentation/checking-module.js";
import {
  type Discovery,
  type Exploration,
  exploreAll,
  exploreRandom,
  type Limits,
} from "./explore/explore.js";
import { GuestRunner } from "./explore/guest-runner.js";
import { differenceOf } from "./explore/same-behaviour.js";
import { NeverReturns } from "./found.js";
import { eventsOf, type Finding, findingOf, innermost, place } from "./finding.js";
import { FileAnswers } from "../run/imports/file-answers.js";
import { worldImports } from "../run/imports/imported-function.js";
import { openFile } from "../run/imports/open-imports.js";
import type { Answers } from "./model/answers.js";
import type { Contents } from "./model/contents.js";
import { planWorld } from "./model/plan.js";
import { rules } from "./rules.js";

/** How far to look. */
export interface CheckBounds extends GuestSizes {
  /** Items that each stream gives or takes at most. */
  readonly items: number;
  /**
   * Streams and futures that each stream gives or takes at most inside of its
   * items; as many as items when not given.
   */
  readonly streams?: number | undefined;
  /** Calls made one after the other in each schedule. */
  readonly calls: number;
  /** Seconds for each build of the guest. */
  readonly seconds: number;
  /** Random schedules from this seed on, instead of all. */
  readonly seed?: number | undefined;
  /** Random schedules to run. */
  readonly schedules?: number | undefined;
  readonly first?: boolean;
  /** How the guest's tasks wait; `wait` when not given. */
  readonly wait?: WaitStrategy | undefined;
  /** How many tasks an instance may have at once; 1 when not given. */
  readonly tasks?: number | undefined;
  /** Whether a task raises backpressure while it lasts. */
  readonly backpressure?: boolean | undefined;
  /** What items and results must be, where somebody knows. */
  readonly contents?: Contents;
  /** A file with the functions that the guest imports: they answer as these do. */
  readonly imports?: string | undefined;
  /** Which of the guest's functions, by name, the host calls; all when nobody says. */
  readonly wanted?: (name: string) => boolean;
}

/**
 * Bounds when nobody says otherwise: all schedules up to 4 items a stream, of two calls one after the other.
 */
export const defaultBounds: CheckBounds = { items: 4, calls: 2, seconds: 60 };

/** What was explored of one build of the guest. */
export interface FormResult extends Omit<Exploration, "discoveries"> {
  readonly form: CheckingForm;
  /** What differs in it from the released module. */
  readonly differs: string;
}

/** What `rill check` answers. */
export interface CheckResult {
  readonly schedules: number;
  readonly steps: number;
  readonly findings: readonly Finding[];
  readonly forms: readonly FormResult[];
}

const differs: Readonly<Record<CheckingForm, string>> = {
  release: "the released instructions; only reports of each access, loop and call are added",
  announcing:
    "also calls that announce operations and what the library answers, and the guest's lines; inlining may differ",
};

/** Answers of poll that are "nothing yet" in a row, although something could happen. */
const IDLE_POLLS = 2;

/** Calls more, and schedules of them, of guests that implement resources. */
const MORE_CALLS = 2;
const DEEP_SCHEDULES = 10_000;
/** Random schedules in which the module before the passes is compared with the one after them. */
const SAME_SCHEDULES = 200;

/** Builds and explores a guest. @throws UserError for bad input, a guest that never returns among it */
export async function checkGuest(
  source: GuestSource,
  bounds: CheckBounds = defaultBounds,
): Promise<CheckResult> {
  const guest = await prepareGuest(source);
  if (bounds.backpressure === true) refuseUnusedBackpressure(guest.world, bounds.wait);
  if (bounds.imports === undefined) return checkPrepared(guest, bounds);
  const functions = worldImports(guest.world);
  const file = await openFile(bounds.imports, functions);
  try {
    return await checkPrepared(guest, bounds, undefined, new FileAnswers(file, functions));
  } finally {
    await file.close();
  }
}

/** The same for a guest that was read already. */
export async function checkPrepared(
  guest: PreparedGuest,
  bounds: CheckBounds,
  forms: readonly CheckingForm[] = ["announcing", "release"],
  answers: Answers | null = null,
): Promise<CheckResult> {
  const { buildCompiled, compileChecking } = await import("./instrumentation/checking-module.js");
  const results: FormResult[] = [];
  const findings = new Map<string, Finding>();
  for (const form of forms) {
    // What the other build has shown by the same calls is not told again where only its place differs.
    const told = new Set([...findings.values()].map(eventsOf));
    const options = {
      constants: sizeConstants(bounds),
      wait: bounds.wait,
      tasks: bounds.tasks,
      backpressure: bounds.backpressure,
    };
    const compiled = await compileChecking(guest, form, options);
    const module = buildCompiled(guest, compiled, form, options);
    const runner = runnerOf(guest, module, bounds, answers);
    const { discoveries, ...explored } = exploreModule(runner, bounds);
    const deep = exploreDeeper(runner, bounds, discoveries.length > 0);
    results.push({
      form,
      differs: differs[form],
      ...explored,
      schedules: explored.schedules + (deep?.schedules ?? 0),
      steps: explored.steps + (deep?.steps ?? 0),
    });
    const found = [
      ...[...growSites(module), ...discoveries].map((each) => findingOf(runner, each, bounds.calls)),
      ...(deep?.discoveries ?? []).map((each) => findingOf(runner, each, bounds.calls + MORE_CALLS)),
    ];
    if (form === "release" && found.length + findings.size === 0 && !hasBlocks(bounds.tasks)) {
      const before = buildCompiled(guest, compiled, form, { ...options, optimized: false });
      found.push(...requireSame(runnerOf(guest, before, bounds, answers), runner, bounds.calls));
    }
    for (const finding of found) {
      const key = `${finding.rule} ${innermost(finding.where)}`;
      if (findings.has(key) || told.has(eventsOf(finding))) continue;
      findings.set(key, finding);
    }
  }
  const sum = (of: (result: FormResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  return {
    schedules: sum((result) => result.schedules),
    steps: sum((result) => result.steps),
    findings: [...findings.values()],
    forms: results,
  };
}

function runnerOf(
  guest: PreparedGuest,
  module: CheckingModule,
  bounds: CheckBounds,
  answers: Answers | null,
): GuestRunner {
  const plan = planWorld(guest.world, bounds.wanted);
  const runner = new GuestRunner(module, plan, {
    items: bounds.items,
    streams: bounds.streams,
    idlePolls: IDLE_POLLS,
  });
  runner.host.expectations.set(bounds.contents ?? null);
  runner.host.answers = answers;
  return runner;
}

/** The guest before the build's passes and after them does the same. */
export function requireSame(before: GuestRunner, after: GuestRunner, calls: number): Finding[] {
  const difference = differenceOf(before, after, { schedules: SAME_SCHEDULES, calls });
  if (!difference) return [];
  const message = `before the passes: ${difference.before}; after them: ${difference.after}`;
  const [rule, where] = ["wrong-pass", "the build"] as const;
  return [{ rule, where, message, trace: [...difference.common, message], remedy: rules[rule].remedy }];
}

/**
 * A guest that implements resources has to make two, and drop one, before it can take the one for the other:
 * some schedules with more calls, besides all of those that were asked for.
 */
function exploreDeeper(runner: GuestRunner, bounds: CheckBounds, found: boolean): Exploration | null {
  const isAsked = bounds.seed === undefined && !(found && bounds.first === true);
  if (!isAsked || runner.plan.destructors.length === 0) return null;
  return exploreModule(runner, { ...bounds, calls: bounds.calls + MORE_CALLS, schedules: DEEP_SCHEDULES });
}

/** Explores within bounds. @throws UserError when the guest never returns */
export function exploreModule(runner: GuestRunner, bounds: CheckBounds): Exploration {
  const limits: Limits = {
    calls: bounds.calls,
    seconds: bounds.seconds,
    schedules: bounds.schedules ?? Infinity,
    first: bounds.first ?? false,
  };
  try {
    return bounds.seed === undefined
      ? exploreAll(runner, limits)
      : exploreRandom(runner, limits, bounds.seed);
  } catch (error) {
    if (!(error instanceof NeverReturns)) throw error;
    const { near, func } = runner.module.sites[error.site]!;
    const where = place(near || func, runner.module.lines[runner.lineNumber] ?? "");
    throw new UserError(
      `the guest never returns: it is lost in the loop at ${where}; a task must end when its streams have`,
    );
  }
}

/** memory.grow anywhere in the module, run or not. */
function growSites({ sites }: CheckingModule): Discovery[] {
  return sites.flatMap((site, index): Discovery[] =>
    site.kind === "grow"
      ? [{ rule: "memory-grow", message: "memory.grow is in the module", site: index, answers: [], calls: 0 }]
      : [],
  );
}
