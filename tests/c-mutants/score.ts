/** How many mutants came to what. */
import type { Verdict } from "../mutants/court.js";
import type { Score } from "../mutants/page.js";

/** Counts of a run; `mutants` are those that change the code. */
export interface Counts extends Score {
  readonly survived: number;
  readonly same: number;
  readonly refused: number;
}

export function scoreOf(verdicts: ReadonlyMap<string, Verdict>): Counts {
  const count = (wanted: string): number =>
    [...verdicts.values()].filter(({ fate }) => fate === wanted).length;
  const [killed, survived] = [count("killed"), count("survived")];
  return { mutants: killed + survived, killed, survived, same: count("same"), refused: count("refused") };
}
