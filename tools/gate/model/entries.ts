/** What a handle can stand for besides an end of a stream or future. */

/** A waitable set. */
export class WaitableSet {
  /** The waitable set that it is in, 0 for none. */
  readonly set = 0;

  constructor(readonly handle: number) {}

  /** Words that make the state, for hashing. */
  words(take: (word: number) => void): void {
    take(this.handle ^ 0x5e7_0000);
  }
}

/** A handle of a resource. */
export class Resource {
  /** The waitable set that it is in, 0 for none. */
  readonly set = 0;

  /**
   * @param type  the resource, when it is the guest's own; null for the host's
   * @param state what the guest gave with resource.new
   * @param owned false for one that a task borrows
   */
  constructor(
    readonly handle: number,
    readonly owned: boolean,
    readonly type: string | null = null,
    readonly state = 0,
  ) {}

  /** Words that make the state, for hashing. */
  words(take: (word: number) => void): void {
    take(this.handle ^ (this.owned ? 0x4e5_0000 : 0x4e6_0000));
    take(this.state);
  }
}

/** A call of an imported async function that has not returned at once. Spec: CanonicalABI.md, Subtask.State */
export class Subtask {
  /** The callee has not started. */
  static readonly STARTING = 0;
  /** The callee runs. */
  static readonly STARTED = 1;
  /** The callee has returned. */
  static readonly RETURNED = 2;
  /** The waitable set that it is in, 0 for none. */
  set = 0;

  /**
   * @param start  lifts the parameters
   * @param finish lowers the result
   */
  constructor(
    readonly handle: number,
    public state: number,
    readonly what: string,
    readonly start: () => void,
    readonly finish: () => void,
  ) {}

  /** How many events can come next. */
  eventCount(): number {
    return Subtask.RETURNED - this.state;
  }

  /** Takes event number `answer`. @returns the new state */
  advance(answer: number): number {
    if (this.state === Subtask.STARTING) this.start();
    this.state = Subtask.RETURNED - answer;
    return this.state;
  }

  /** Words that make the state, for hashing. */
  words(take: (word: number) => void): void {
    take(this.handle ^ 0x50b_0000);
    take(this.state);
    take(this.set);
  }
}
