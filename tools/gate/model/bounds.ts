/** How far a run goes. */
export interface Bounds {
  /** Items that each stream gives or takes at most. */
  readonly items: number;
  /**
   * Streams and futures that each stream gives or takes at most inside of its
   * items; as many as items when nobody says.
   */
  readonly streams?: number | undefined;
  /** Times in a row that poll answers "nothing yet" although something could happen. */
  readonly idlePolls: number;
}
