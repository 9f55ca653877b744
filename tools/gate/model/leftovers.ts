/** What a task may leave behind when it has returned: next to nothing. */
import { Found } from "../found.js";
import type { ArenaShadow } from "../shadow/arena-shadow.js";
import { End } from "./end.js";
import { ResourceEntry, SetEntry } from "./entries.js";
import type { GuestMemory } from "./guest-memory.js";
import type { HeldResources } from "./held-resources.js";
import { type Entry, type ModelTable, shown } from "./table.js";

/** Judges what is left. */
export class Leftovers {
  constructor(
    private readonly table: ModelTable,
    private readonly memory: GuestMemory,
    private readonly arena: ArenaShadow,
    private readonly held: HeldResources,
  ) {}

  /** The arena has `blocks` back. */
  requireGivenBack(blocks: readonly number[], when: string): void {
    for (const block of blocks) this.arena.requireGivenBack(block, when, -1);
  }

  /** The task has returned. @param blocks what its parameters were lowered to */
  require(blocks: readonly number[]): void {
    this.requireGivenBack(blocks, "when the task has returned");
    const entries = this.table.all();
    const copying = entries.find((entry) => entry instanceof End && entry.copying) as End | undefined;
    if (copying)
      throw new Found(
        "returned-in-flight",
        `the task returns while a copy of handle ${copying.handle}, ${copying.what}, is in flight`,
      );
    this.requireResources(entries);
    this.requireSets(entries);
    for (const entry of entries) {
      if (entry instanceof SetEntry || entry instanceof ResourceEntry) continue;
      const what = entry instanceof End ? entry.what : "a subtask";
      throw new Found("handle-leaked", `the task returns and leaves ${shown(entry.handle)}, ${what}`);
    }
  }

  /**
   * What states of resources that the host holds keep stands in the guest's
   * memory, or nobody will ever drop it.
   */
  private requireResources(entries: readonly Entry[]): void {
    const left = entries.filter((entry) => entry instanceof ResourceEntry);
    if (left.length === 0) return;
    const known = this.held.any ? this.memory.holds(...this.table.given("resource")) : new Set();
    for (const { handle, hosted } of left)
      if (!hosted.owned || !known.has(handle))
        throw new Found(
          "released-never",
          `the task returns and still ${hosted.owned ? "owns" : "borrows"} the resource with handle ${handle}`,
        );
  }

  /** A set is kept for the calls to come: then its handle stands in the guest's memory. */
  private requireSets(entries: readonly Entry[]): void {
    const left = entries.filter((entry) => entry instanceof SetEntry);
    if (left.length === 0) return;
    const known = this.memory.holds(...this.table.given("set"));
    for (const { handle } of left)
      if (!known.has(handle))
        throw new Found(
          "handle-leaked",
          `the task returns and leaves a waitable set, ${shown(handle)}, that its memory does not name any more`,
        );
  }
}
