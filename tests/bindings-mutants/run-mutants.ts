/** Judges all mutants of the bindings: in CI those that are new and a few others, at night every one. */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Verdict } from "../mutants/court.js";
import { judgeAll } from "../pass-mutants/judges.js";
import { isLong } from "../tier.js";
import { type TemplateMutant, templateMutants } from "./bindings-mutants.js";
import { boundGuests } from "./bound-guests.js";
import { readKnown } from "./known.js";

/** Of the mutants that are known to be killed, one in so many is judged again. */
const ONE_IN = 25;
/** Mutants that may be new in CI: for more, a developer has to run all. */
const MOST_NEW = 60;

/** What a run is to do. */
export interface RunOptions {
  /** Hears of each mutant that is done. */
  readonly progress?: (done: number, of: number) => void;
  /** Runs only mutants whose key holds one of these texts; all when there are none. */
  readonly some?: readonly string[];
  /** Whether nothing is taken from the last run. */
  readonly isThorough?: boolean;
}

/** The mutants of a run, what became of each by its key, and how many were judged anew. */
export interface Run {
  readonly mutants: readonly TemplateMutant[];
  readonly verdicts: ReadonlyMap<string, Verdict>;
  readonly judged: number;
}

/** @throws Error when more mutants are new than CI has time for */
export async function runMutants({
  progress,
  some = [],
  isThorough = isLong,
}: RunOptions = {}): Promise<Run> {
  const mutants = templateMutants(await boundGuests());
  const known = isThorough ? new Map() : readKnown(mutants);
  const chosen = mutants.filter(({ key }) => some.length === 0 || some.some((text) => key.includes(text)));
  const fresh = chosen.filter(({ key }) => !known.has(key));
  if (!isThorough && fresh.length > MOST_NEW)
    throw new Error(
      `${fresh.length} mutants are new: node dist/tests/bindings-mutants/main.js --write judges all of them`,
    );
  const again = chosen.filter(({ key }, index) => known.get(key) === "killed" && index % ONE_IN === 0);
  const verdicts = new Map<string, Verdict>(
    chosen.flatMap(({ key }) => (known.has(key) ? [[key, { fate: known.get(key)!, by: "" }] as const] : [])),
  );
  const indices = [...fresh, ...again].map((mutant) => mutants.indexOf(mutant));
  let done = 0;
  await judgeAll(
    {
      program: fileURLToPath(new URL("./judge.js", import.meta.url)),
      args: [],
      options: ["--import", new URL("./register.js", import.meta.url).href],
      count: isThorough ? availableParallelism() : 1,
    },
    indices,
    (index, verdict) => {
      verdicts.set(mutants[index]!.key, verdict);
      progress?.(++done, indices.length);
    },
  );
  const inOrder = chosen.map(({ key }) => [key, verdicts.get(key)!] as const);
  return { mutants: chosen, verdicts: new Map(inOrder), judged: indices.length };
}
