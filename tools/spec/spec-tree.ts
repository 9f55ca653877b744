/** The groups and tests that a spec file declares, as `describe` and `it` report them. */

/** A callback's place in the module's table. */
export type Callback = number;

/** A group: the file itself, or a `describe`. */
export class Group {
  /** Groups and tests, in the order of the file. */
  readonly children: (Group | SpecTest)[] = [];
  /** Names of tests that are to be written. */
  readonly todos: string[] = [];
  /** Called before the first of its tests. */
  readonly before: Callback[] = [];
  /** Called before each test in it, also of its groups. */
  readonly beforeEach: Callback[] = [];
  /** Called after each of those. */
  readonly afterEach: Callback[] = [];
  /** Called after the last of its tests. */
  readonly after: Callback[] = [];

  /** @param path names of the groups around it, and its own; empty for the file */
  constructor(
    readonly path: readonly string[],
    readonly callback: Callback | null,
    readonly parent: Group | null,
  ) {}

  /** Callbacks around each test of it: those of the outer groups first. */
  aroundEach(which: "beforeEach" | "afterEach"): Callback[] {
    return [...(this.parent?.aroundEach(which) ?? []), ...this[which]];
  }
}

/** One `it`. */
export interface SpecTest {
  readonly path: readonly string[];
  readonly callback: Callback;
  /** Whether it passes when it throws: `throws`, `itThrows`. */
  readonly throws: boolean;
}
