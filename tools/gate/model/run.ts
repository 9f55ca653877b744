/** One run of the guest: what the host decides at each of its calls, and what the trace will show of them. */
import { Trap } from "../../host/values/trap.js";
import type { Value } from "../../host/values/value.js";
import { Found } from "../found.js";
import type { RuleName } from "../rules.js";
import type { LoggedCall } from "./call-log.js";
import type { Choices } from "./choices.js";

/** Decides, notes, and says where a rule was broken. */
export class Run {
  /** Hears all that leaves the guest: calls with their arguments, and values, wherever they lie. */
  witness: ((what: string) => void) | null = null;
  private choices: Choices = { choose: () => 0 };
  private log: LoggedCall[] | null = null;
  private made = 0;
  /**
   * Questions of the call that is being made that are behind it: part of the
   * state, for one call may ask several.
   */
  asked = 0;

  /**
   * @param site of the call that is being made
   * @param line the guest's place that called the library last
   */
  constructor(
    readonly site: () => number,
    private readonly line: () => number,
  ) {}

  /** Another run begins. @param log its calls; null when nobody wants them */
  begin(choices: Choices, log: LoggedCall[] | null): void {
    this.choices = choices;
    this.log = log;
  }

  /** Canonical calls made, in all runs. */
  get calls(): number {
    return this.made;
  }

  /** Whether somebody wants the words of a note. */
  get traced(): boolean {
    return (this.log ?? this.witness) !== null;
  }

  /** One of `count` answers of the host's. */
  choose(count: number): number {
    const answer = this.choices.choose(count);
    this.asked++;
    return answer;
  }

  /** Notes a call for the trace. */
  note(name: string, outcome = ""): void {
    this.witness?.(name);
    this.noteWaiting(name, outcome);
  }

  /**
   * The same for a call that the two waiting strategies make in different ways:
   * no difference for the witness.
   */
  noteWaiting(name: string, outcome = ""): void {
    this.made++;
    this.asked = 0;
    this.log?.push({ name, outcome, site: this.site(), line: this.line() });
  }

  /** The guest has given away `value`. */
  witnessValue(value: Value): void {
    this.witness?.(JSON.stringify(value, plain));
  }

  /** What the call that was noted last has come to. */
  say(outcome: string): void {
    const last = this.log?.at(-1);
    if (last) last.outcome = outcome;
  }

  /** A broken rule at the call that is being made. */
  broken(rule: RuleName, message: string): Found {
    return new Found(rule, message, this.site());
  }

  /** Runs what the specification may trap at: then the call is illegal. @param what it is, for the message */
  judged<R>(what: string, body: () => R): R {
    try {
      return body();
    } catch (error) {
      if (!(error instanceof Trap)) throw error;
      const { message } = error;
      throw this.broken("illegal-call", message.startsWith(what) ? message : `${what}: ${message}`);
    }
  }
}

/**
 * What of a value two modules have in common: an end or a resource is told by its
 * kind, for it is another object in each.
 */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint" || Object.is(value, -0)) return `${value === 0 ? "-" : ""}${value as bigint}`;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const { constructor } = value;
  return constructor === Object ? value : constructor.name;
}
