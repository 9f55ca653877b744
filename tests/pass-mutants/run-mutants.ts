/** Shows all mutants of the passes to their witnesses, in processes of their own. */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Verdict } from "../mutants/court.js";
import { isLong } from "../tier.js";
import { judgeAll } from "./judges.js";
import { allMutants } from "./mutated-files.js";

/** What became of every mutant, by its key. */
export type Verdicts = ReadonlyMap<string, Verdict>;

/** What a run is to do. */
export interface RunOptions {
  /** Hears of each mutant that is done. */
  readonly progress?: (done: number, of: number) => void;
  /** Runs only mutants whose key holds one of these texts; all when there are none. */
  readonly some?: readonly string[];
  /** Whether every witness is asked; otherwise those that have killed before. */
  readonly isThorough?: boolean;
}

/** @throws Error when a witness complains of the passes as they are */
export async function runMutants({
  progress,
  some = [],
  isThorough = isLong,
}: RunOptions = {}): Promise<Verdicts> {
  const indices = [...allMutants.keys()].filter(
    (index) => some.length === 0 || some.some((text) => allMutants[index]!.key.includes(text)),
  );
  const verdicts = new Map<string, Verdict>();
  await judgeAll(
    {
      program: fileURLToPath(new URL("./judge.js", import.meta.url)),
      args: isThorough ? ["--thorough"] : [],
      options: ["--import", new URL("./register.js", import.meta.url).href],
      // Each process builds the guests first: in CI, where few are asked, one is enough.
      count: isThorough ? availableParallelism() : 1,
    },
    indices,
    (index, verdict) => {
      verdicts.set(allMutants[index]!.key, verdict);
      progress?.(verdicts.size, indices.length);
    },
  );
  return new Map(allMutants.flatMap(({ key }) => (verdicts.has(key) ? [[key, verdicts.get(key)!]] : [])));
}
