/** Where the host model may answer in several ways, this says which. */

/** Answers the model's questions. */
export interface Choices {
  /** @param count how many ways there are, at least 1 @returns one of them, 0..count-1 */
  choose(count: number): number;
}

/**
 * Depth-first over all answers: each run repeats the answers of the one before up to the last question with
 * an answer left, and takes the next there. Questions with one answer are not recorded.
 */
export class Trail implements Choices {
  /** The answers of the current run. */
  readonly answers: number[] = [];
  /** How many answers there were at each of them. */
  readonly counts: number[] = [];
  private at = 0;
  /** Called at a question that no run has come to along this trail; it may throw to prune. */
  onNew: () => void = () => undefined;

  choose(count: number): number {
    if (count === 1) return 0;
    if (this.at === this.answers.length) {
      this.onNew();
      this.answers.push(0);
      this.counts.push(count);
    }
    return this.answers[this.at++]!;
  }

  /** Goes to the next run. @returns false when there is none */
  advance(): boolean {
    this.at = 0;
    for (;;) {
      const last = this.answers.length - 1;
      if (last < 0) return false;
      if (this.answers[last]! + 1 < this.counts[last]!) {
        this.answers[last]!++;
        return true;
      }
      this.answers.pop();
      this.counts.pop();
    }
  }
}

/**
 * Repeats given answers; questions beyond them get answer 0, answers that do not
 * fit are cut down. Notes what it answered.
 */
export class Replay implements Choices {
  /** The answer taken at each choice, in order. */
  readonly answers: number[] = [];
  /** How many answers each choice had. */
  readonly counts: number[] = [];

  constructor(readonly given: readonly number[]) {}

  choose(count: number): number {
    if (count === 1) return 0;
    const answer = Math.min(this.given[this.answers.length] ?? 0, count - 1);
    this.answers.push(answer);
    this.counts.push(count);
    return answer;
  }
}

/** Answers at random, the same for the same seed (mulberry32). */
export class Random implements Choices {
  /** The answer taken at each choice, in order. */
  readonly answers: number[] = [];
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  choose(count: number): number {
    if (count === 1) return 0;
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    const answer = Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * count);
    this.answers.push(answer);
    return answer;
  }
}

/** The answers of `choices`, which `again` gives a second time. */
export class Noting implements Choices {
  private readonly answers: number[] = [];
  private at = 0;

  constructor(readonly choices: Choices) {}

  choose(count: number): number {
    if (count === 1) return 0;
    if (this.at === this.answers.length) this.answers.push(this.choices.choose(count));
    return Math.min(this.answers[this.at++]!, count - 1);
  }

  /** Gives the answers so far again, then those that follow. */
  again(): this {
    this.at = 0;
    return this;
  }
}
