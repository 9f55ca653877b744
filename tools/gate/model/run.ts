/** One run of the guest: what the host decides at each of its calls, and what the trace will show of them. */
import { Trap } from "../../host/values/trap.js";
import { Found } from "../found.js";
import type { RuleName } from "../rules.js";
import type { LoggedCall } from "./call-log.js";
import type { Choices } from "./choices.js";

/** Decides, notes, and says where a rule was broken. */
export class Run {
  /** Hears all that leaves the guest: calls with their arguments, and the bytes of values. */
  witness: ((what: string) => void) | null = null;
  private choices: Choices = { choose: () => 0 };
  private log: LoggedCall[] | null = null;
  private made = 0;

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
    return this.choices.choose(count);
  }

  /** Notes a call for the trace. */
  note(name: string, outcome = ""): void {
    this.witness?.(name);
    this.noteWaiting(name, outcome);
  }

  /** The same for a call that the two waiting strategies make in different ways: no difference for the witness. */
  noteWaiting(name: string, outcome = ""): void {
    this.made++;
    this.log?.push({ name, outcome, site: this.site(), line: this.line() });
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
