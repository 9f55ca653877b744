/** `rill check`: what the gate found, as text or JSON. */
import type { Features } from "../wit/wasm-tools.js";
import type { WaitStrategy } from "../compile/guest-module.js";
import { requireCallback } from "../compile/task-count.js";
import { visible, visibleDocument, visibleJson } from "../errors/visible-text.js";
import { CheckFailure, UserError } from "../errors/user-error.js";
import { type CheckResult, checkGuest, defaultBounds } from "./check-guest.js";
import type { Finding } from "./finding.js";
import { rules } from "./rules.js";

/** The command's flags as commander gives them. */
export interface CheckFlags {
  readonly wit: string;
  readonly world?: string;
  readonly json?: boolean;
  readonly items: number;
  readonly streams?: number;
  readonly calls: number;
  readonly seconds: number;
  readonly random?: number;
  readonly seed?: number;
  readonly arena?: number;
  readonly ends?: number;
  readonly callPlaces?: number;
  readonly tasks?: number;
  readonly features?: Features;
  readonly wait?: WaitStrategy;
  readonly backpressure?: boolean;
  readonly imports?: string;
}

/** Runs the gate. @throws CheckFailure when a rule is broken, UserError for bad input */
export async function runCheck(entry: string, flags: CheckFlags): Promise<void> {
  if (entry.endsWith(".wasm"))
    throw new UserError(
      `${entry}: this is a WebAssembly module; name the guest's AssemblyScript file, which the gate builds itself`,
    );
  if (flags.seed !== undefined && flags.random === undefined)
    throw new UserError("--seed goes with --random: without it all schedules are run, in one order");
  const {
    wit,
    world,
    features,
    items,
    streams,
    calls,
    seconds,
    random,
    seed = 1,
    arena,
    ends,
    callPlaces,
    tasks,
    wait,
    backpressure,
    imports,
  } = flags;
  requireCallback(wait, tasks);
  const bounds = {
    ...defaultBounds,
    items,
    streams,
    calls,
    seconds,
    arenaBytes: arena,
    endPlaces: ends,
    callPlaces,
    tasks,
    wait,
    backpressure,
    imports,
  };
  const result = await checkGuest(
    { entry, wit, world, features, asked: { arenaBytes: arena, endPlaces: ends, callPlaces } },
    random === undefined ? bounds : { ...bounds, seed, schedules: random },
  );
  if (flags.json) process.stdout.write(`${visibleJson(result)}\n`);
  else process.stdout.write(textForm(visible(entry), visibleDocument(result)));
  const { length } = result.findings;
  if (length > 0) throw new CheckFailure(`${entry}: ${countWords(length)}`);
}

/** Findings as a compiler writes them, then what was explored. */
export function textForm(entry: string, result: CheckResult): string {
  const findings = result.findings.map(findingText);
  const forms = result.forms.map(({ form, schedules, steps, states, seconds, complete, differs }) => {
    const reach = complete ? "all schedules within the bounds" : "stopped before all schedules were run";
    const speed = Math.round(schedules / Math.max(seconds, 0.001));
    return `  ${form}: ${count(schedules)} schedules, ${count(steps)} steps, ${count(states)} states, ${count(speed)} schedules/s; ${reach}\n    differs from the release: ${differs}\n`;
  });
  const verdict = countWords(findings.length);
  return `${findings.join("\n")}${findings.length > 0 ? "\n" : ""}${entry}: ${verdict}\n${forms.join("")}`;
}

function findingText({ rule, where, message, trace, remedy }: Finding): string {
  const steps = trace.map((line, index) => `  ${String(index + 1).padStart(3)}. ${line}\n`);
  return `${where}: ${message} [${rule}]\n  ${rules[rule].title}\n${steps.join("")}  to do: ${remedy} (docs/gate/${rule}.md)\n`;
}

function countWords(findings: number): string {
  if (findings === 0) return "no finding";
  return findings === 1 ? "1 finding" : `${findings} findings`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
