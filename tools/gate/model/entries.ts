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

/** What happens in the course of a call. */
export interface CallCourse {
  /** The callee starts: the parameters are lifted. */
  readonly start: () => void;
  /** The callee returns: the result is lowered. */
  readonly finish: () => void;
  /** The call was cancelled, and there is no result. @param started whether the callee had started */
  readonly abandon: (started: boolean) => void;
}

/** A call of an imported async function that has not returned at once. Spec: CanonicalABI.md, Subtask.State */
export class Subtask {
  /** The callee has not started. */
  static readonly STARTING = 0;
  /** The callee runs. */
  static readonly STARTED = 1;
  /** The callee has returned. */
  static readonly RETURNED = 2;
  /** The call was cancelled, and the callee never ran. */
  static readonly CANCELLED_BEFORE_STARTED = 3;
  /** The call was cancelled, and the callee has given up. */
  static readonly CANCELLED_BEFORE_RETURNED = 4;
  /** The waitable set that it is in, 0 for none. */
  set = 0;
  /** Whether the callee has started, which the guest may not have been told yet. */
  private started: boolean;

  constructor(
    readonly handle: number,
    public state: number,
    readonly what: string,
    readonly course: CallCourse,
  ) {
    this.started = state === Subtask.STARTED;
  }

  /** The callee starts while nobody looks: the event is still to come. @returns whether it had not */
  startUnseen(): boolean {
    if (this.over || this.started) return false;
    this.start();
    return true;
  }

  private start(): void {
    if (!this.started) this.course.start();
    this.started = true;
  }

  /** Whether the call is over, in whatever way. */
  get over(): boolean {
    return this.state >= Subtask.RETURNED;
  }

  /** How many events can come next. */
  eventCount(): number {
    return this.over ? 0 : Subtask.RETURNED - this.state;
  }

  /** Takes event number `answer`. @returns the new state */
  advance(answer: number): number {
    const state = Subtask.RETURNED - answer;
    if (state === Subtask.RETURNED) this.end(state);
    else {
      this.start();
      this.state = state;
    }
    return state;
  }

  /** States that a cancel can come to. */
  cancelStates(): readonly number[] {
    const { RETURNED, CANCELLED_BEFORE_STARTED, CANCELLED_BEFORE_RETURNED } = Subtask;
    const started = [CANCELLED_BEFORE_RETURNED, RETURNED];
    return !this.started ? [CANCELLED_BEFORE_STARTED, ...started] : started;
  }

  /** The call is over. @param state how */
  end(state: number): void {
    const { finish, abandon } = this.course;
    if (state !== Subtask.CANCELLED_BEFORE_STARTED) this.start();
    if (state === Subtask.RETURNED) finish();
    else abandon(state === Subtask.CANCELLED_BEFORE_RETURNED);
    this.state = state;
  }

  /** Words that make the state, for hashing. */
  words(take: (word: number) => void): void {
    take(this.handle ^ 0x50b_0000);
    take(this.state | (this.started ? 16 : 0));
    take(this.set);
  }
}
