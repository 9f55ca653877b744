/** A call of an imported async function that goes on, from the caller's side. */
import { Subtask, SubtaskState } from "../../host/tasks/subtask.js";

/** What happens in the course of a call. */
export interface CallCourse {
  /** The callee starts: the parameters are lifted. */
  readonly start: () => void;
  /** The callee returns: the result is lowered. */
  readonly finish: () => void;
  /** The guest is told that the call is over. @param started whether the callee had started */
  readonly over: (started: boolean) => void;
  /** Whether the guest can see that the callee has started before it is told: handles have left its table. */
  readonly startShows: boolean;
  /** What the answer depends on, where somebody knows it: part of the state. */
  readonly answerWords: (take: (word: number) => void) => void;
  /** Whether it can see that the callee has returned: what the result points to lies in its memory. */
  readonly returnShows: boolean;
}

/**
 * A subtask. The callee may be further than what the guest was told: it starts and returns when it likes, and
 * the event comes later. Spec: CanonicalABI.md, Subtask.State
 */
export class SubtaskEntry {
  /** Handle of the set that it is in; 0 for none. */
  setHandle = 0;

  /** @param told the state that the guest was told of last */
  constructor(
    readonly handle: number,
    readonly hosted: Subtask,
    readonly what: string,
    readonly course: CallCourse,
    private told: number,
  ) {}

  /** The state that the guest was told of last. */
  get toldState(): number {
    return this.told;
  }

  /** Whether the callee can start, or return, so that the guest could see it before it is told. */
  get unseen(): { readonly starts: boolean; readonly returns: boolean } {
    const { state } = this.hosted;
    const { startShows, returnShows } = this.course;
    return {
      starts: startShows && state === SubtaskState.STARTING,
      returns: returnShows && state < SubtaskState.RETURNED,
    };
  }

  /** The callee starts while nobody looks: the event is still to come. @returns whether it had not */
  start(): boolean {
    if (this.hosted.state !== SubtaskState.STARTING) return false;
    this.course.start();
    this.hosted.state = SubtaskState.STARTED;
    return true;
  }

  /** The callee returns: the event is still to come. */
  finish(): void {
    if (this.hosted.resolved) return;
    this.start();
    this.course.finish();
    this.hosted.state = SubtaskState.RETURNED;
  }

  /** Whether the callee is further than what the guest was told. */
  get hasEvent(): boolean {
    return this.hosted.state !== this.told;
  }

  /** How many events can come next. */
  eventCount(): number {
    if (this.hosted.resolveDelivered) return 0;
    return this.hosted.resolved ? 1 : SubtaskState.RETURNED - this.told;
  }

  /** Takes event number `answer`. @returns the state that the guest is told */
  advance(answer: number): number {
    if (this.hosted.resolved || answer === 0) {
      this.finish();
      return this.tell();
    }
    this.start();
    return this.tell();
  }

  /** States that a cancel can come to. */
  cancelStates(): readonly number[] {
    const { RETURNED, CANCELLED_BEFORE_STARTED, CANCELLED_BEFORE_RETURNED, STARTING } = SubtaskState;
    if (this.hosted.resolved) return [this.hosted.state];
    const started = [CANCELLED_BEFORE_RETURNED, RETURNED];
    return this.hosted.state === STARTING ? [CANCELLED_BEFORE_STARTED, ...started] : started;
  }

  /** The call ends because it was cancelled, or in spite of that. @param state how */
  end(state: number): void {
    if (state === SubtaskState.RETURNED) this.finish();
    else {
      if (state === SubtaskState.CANCELLED_BEFORE_RETURNED) this.start();
      this.hosted.state = state as typeof this.hosted.state;
    }
    this.tell();
  }

  private tell(): number {
    const { hosted, course } = this;
    this.told = hosted.state;
    if (hosted.resolved && !hosted.resolveDelivered) {
      hosted.deliverResolve();
      course.over(hosted.state !== SubtaskState.CANCELLED_BEFORE_STARTED);
    }
    return this.told;
  }

  /** It was taken out of the table. */
  gone(): void {
    // Its lent memory was given back when the guest was told.
  }

  /** Words that make the state, for hashing. */
  words(take: (word: number) => void): void {
    take(this.handle ^ 0x50b_0000);
    take(this.hosted.state | (this.told << 4) | (this.hosted.resolveDelivered ? 256 : 0));
    take(this.setHandle);
    this.course.answerWords(take);
  }
}
