/** A broken rule as its reader wants it: rule, place, what happened, the shortest trace, what to do. */
import { isGuestSource } from "./instrumentation/guest-lines.js";
import type { Discovery } from "./explore/explore.js";
import type { GuestRunner } from "./explore/guest-runner.js";
import { minimise, replay } from "./explore/minimise.js";
import type { LoggedCall } from "./model/call-log.js";
import { type RuleName, rules } from "./rules.js";

/** One finding. */
export interface Finding {
  readonly rule: RuleName;
  /**
   * The guest's place where it is known, and the library's or bindings' place:
   * `double.ts:6:9 (reader.ts:54:2)`.
   */
  readonly where: string;
  /** What happened. */
  readonly message: string;
  /** The shortest schedule that was found, one canonical call a line. */
  readonly trace: readonly string[];
  readonly remedy: string;
}

/** Shortens a discovery and writes it out. */
export function findingOf(runner: GuestRunner, discovery: Discovery, calls: number): Finding {
  const { sites, lines } = runner.module;
  const remedy = rules[discovery.rule].remedy;
  const inStatic = discovery.rule === "memory-grow" && discovery.answers.length === 0;
  if (inStatic)
    return {
      rule: discovery.rule,
      where: sites[discovery.site]!.near,
      message: discovery.message,
      trace: [],
      remedy,
    };
  const { discovery: shortest, log } = minimise(runner, discovery, calls);
  // The last attempt at a shorter one was another schedule: the guest's line is to be that of this one.
  replay(runner, shortest.answers, calls);
  const position = sites[shortest.site]?.near ?? "";
  const where = place(position, lines[runner.lineNumber] ?? "");
  const trace = log.map((call) => callWords(call, sites[call.site]?.near ?? "", lines[call.line] ?? ""));
  return {
    rule: shortest.rule,
    where,
    message: shortest.message,
    trace: [...trace, shortest.message],
    remedy,
  };
}

/**
 * A place as its reader wants it: the guest's line where it is known, and the
 * place in the library or bindings beside it.
 */
export function place(position: string, line: string): string {
  const short = shorten(position);
  if (isGuestSource(position) || line === "") return short || line || "the end of the task";
  return short === "" ? line : `${line} (${short})`;
}

/**
 * The place in the library or bindings alone, of a place that has one: all that the
 * build without the guest's lines knows.
 */
export function innermost(where: string): string {
  return /\((.*)\)$/.exec(where)?.[1] ?? where;
}

/** The rule and the calls that break it, without their places; of a finding without calls, its place. */
export function eventsOf({ rule, where, trace }: Finding): string {
  // Static objects lie elsewhere in each build: neither the place nor the address is part of what happens.
  const calls = trace.map((line) => line.replace(/ {2}at .*$/, "").replace(/ at \d+/, ""));
  return [rule, ...(calls.length > 0 ? calls : [where])].join("\n");
}

function callWords({ name, outcome }: LoggedCall, position: string, line: string): string {
  const at = place(position, line);
  return `${name}${outcome ? `: ${outcome}` : ""}${position === "" ? "" : `  at ${at}`}`;
}

/** Paths of the library without its folder in asc's name space. */
function shorten(position: string): string {
  return position.replace(/^~lib\/as-rill\//, "as-rill/");
}
