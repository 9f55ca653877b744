/**
 * What happens outside while the guest waits, polls or calls: items land, callees start and return,
 * and while it waits the host may call functions that need not wait. Each of these can happen at any
 * such moment, in any order, or not at all.
 */
import type { Copies } from "./copies.js";
import { End } from "./end.js";
import type { Run } from "./run.js";
import { SubtaskEntry } from "./subtask-entry.js";
import type { ModelTable } from "./table.js";

/** Something that can happen. */
export type Happening = () => void;

/** Lets things happen. */
export class Meanwhile {
  private interruptions: () => readonly Happening[] = () => [];

  constructor(
    private readonly run: Run,
    private readonly table: ModelTable,
    private readonly copies: Copies,
  ) {}

  /** Says which of the guest's functions can be called while it waits. */
  interruptedBy(interruptions: () => readonly Happening[]): void {
    this.interruptions = interruptions;
  }

  /**
   * The guest waits, for the members of set number `set`: 0 for what is in no set.
   * @returns whether anything has happened
   */
  wait(set: number): boolean {
    for (let happened = false; ; happened = true) {
      const calls = this.interruptions();
      if (!this.step([...this.outside(calls.length > 0 ? -1 : set), ...calls])) return happened;
    }
  }

  /** The guest polls, or calls an import: others go on, but its own code runs. */
  pass(): void {
    while (this.step(this.outside(-1)));
  }

  /** @returns whether something has happened */
  private step(happenings: readonly Happening[]): boolean {
    const { length } = happenings;
    if (length === 0) return false;
    const answer = this.run.choose(length + 1);
    if (answer === 0) return false;
    // The question is asked again, whatever the happening itself asked.
    const asked = this.run.asked - 1;
    happenings[answer - 1]!();
    this.run.asked = asked;
    return true;
  }

  /** @param awaited a set with one member: that it moves before its event shows in nothing */
  private outside(awaited: number): Happening[] {
    const happenings: Happening[] = [];
    for (const entry of this.table.waitables()) {
      if (entry instanceof End) {
        if (entry.mayLand && !this.isAlone(entry, awaited))
          happenings.push(() => {
            this.copies.land(entry);
          });
        continue;
      }
      const { starts, returns } = entry.unseen;
      if ((starts || returns) && this.isAlone(entry, awaited)) continue;
      if (starts)
        happenings.push(() => {
          this.advance(entry, false);
        });
      if (returns)
        happenings.push(() => {
          this.advance(entry, true);
        });
    }
    return happenings;
  }

  private isAlone({ setHandle }: End | SubtaskEntry, awaited: number): boolean {
    if (awaited <= 0 || setHandle !== awaited) return false;
    return this.table.waitables().filter((entry) => entry.setHandle === awaited).length === 1;
  }

  private advance(entry: SubtaskEntry, returns: boolean): void {
    this.run.note(`meanwhile the callee of ${entry.what}`, returns ? "returns" : "starts");
    if (returns) entry.finish();
    else entry.start();
  }
}
