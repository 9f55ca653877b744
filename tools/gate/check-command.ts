/** `rill check`: what the gate found, as text or JSON. */
import { CheckFailure } from "../errors/user-error.js";
import { type CheckResult, checkGuest, defaultBounds } from "./check-guest.js";
import type { Finding } from "./finding.js";
import { rules } from "./rules.js";

/** The command's flags as commander gives them. */
export interface CheckFlags {
  readonly wit: string;
  readonly world?: string;
  readonly json?: boolean;
  readonly items: number;
  readonly calls: number;
  readonly seconds: number;
  readonly random?: number;
  readonly seed: number;
  readonly arena?: number;
}

/** Runs the gate. @throws CheckFailure when a rule is broken, UserError for bad input */
export async function runCheck(entry: string, flags: CheckFlags): Promise<void> {
  const { wit, world, items, calls, seconds, random, seed, arena } = flags;
  const bounds = { ...defaultBounds, items, calls, seconds, arena };
  const result = await checkGuest(
    { entry, wit, world },
    random === undefined ? bounds : { ...bounds, seed, schedules: random },
  );
  if (flags.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else process.stdout.write(textForm(entry, result));
  const { length } = result.findings;
  if (length > 0) throw new CheckFailure(`${entry}: ${String(length)} finding${length === 1 ? "" : "s"}`);
}

/** Findings as a compiler writes them, then what was explored. */
export function textForm(entry: string, result: CheckResult): string {
  const findings = result.findings.map(findingText);
  const forms = result.forms.map(({ form, schedules, steps, states, seconds, complete, differs }) => {
    const reach = complete ? "all schedules within the bounds" : "stopped before all schedules were run";
    const speed = Math.round(schedules / Math.max(seconds, 0.001));
    return `  ${form}: ${count(schedules)} schedules, ${count(steps)} steps, ${count(states)} states, ${count(speed)} schedules/s; ${reach}\n    differs from the release: ${differs}\n`;
  });
  const verdict = findings.length === 0 ? "no finding" : `${String(findings.length)} findings`;
  return `${findings.join("\n")}${findings.length > 0 ? "\n" : ""}${entry}: ${verdict}\n${forms.join("")}`;
}

function findingText({ rule, where, message, trace, remedy }: Finding): string {
  const steps = trace.map((line, index) => `  ${String(index + 1).padStart(3)}. ${line}\n`);
  return `${where}: ${message} [${rule}]\n  ${rules[rule].title}\n${steps.join("")}  to do: ${remedy} (docs/gate/${rule}.md)\n`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
