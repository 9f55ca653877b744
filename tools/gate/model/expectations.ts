/** What leaves the guest, compared with what somebody knows that it must be. */
import { inspect, isDeepStrictEqual } from "node:util";
import type { Value } from "../../host/values/value.js";
import type { Contents } from "./contents.js";
import type { End } from "./end.js";
import type { Run } from "./run.js";

/** A call of the guest's as far as what it answers depends on it. */
export interface Given {
  readonly params: readonly Value[];
  /** Ends among the parameters. */
  readonly ends: readonly End[];
}

/** Judges contents. */
export class Expectations {
  private contents: Contents | null = null;

  constructor(private readonly run: Run) {}

  /** What items and results must be; null where nobody knows. */
  set(contents: Contents | null): void {
    this.contents = contents;
  }

  /** Whether anybody knows anything. */
  get any(): boolean {
    return this.contents !== null;
  }

  /** Item number `index` leaves through the stream `what`. */
  item(what: string, index: number, value: Value): void {
    this.require(this.contents?.item(what, index), value, () => `item ${index} of ${what}`);
  }

  /** The call of `name` answers `value`. */
  result(name: string, { params, ends }: Given, value: Value): void {
    const moved = ends.map((end) => end.moved);
    this.require(this.contents?.result(name, params, moved), value, () => `the result of \`${name}\``);
  }

  private require(expected: Value | undefined, value: Value, what: () => string): void {
    if (expected === undefined || isDeepStrictEqual(value, expected)) return;
    throw this.run.broken(
      "wrong-contents",
      `${what()} is ${inspect(value)}, and has to be ${inspect(expected)}`,
    );
  }
}
