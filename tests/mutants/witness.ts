/** What mutants are shown to: a guest that the gate explores, or a file of unit specs. */
import type { Mutant } from "./mutants.js";

/**
 * `same`: what asc makes of the changed library is what it makes of the library as it is.
 * `refused`: the changed library does not compile.
 */
export type Fate = "killed" | "survived" | "same" | "refused";

/** One witness. */
export interface Witness {
  readonly name: string;
  /** Whether `mutant` can make a difference to it. */
  holds(mutant: Mutant): boolean;
  /** What it says of `mutant`. @param brief whether a short look will do */
  fateOf(mutant: Mutant, brief: boolean): Promise<Fate>;
}

/**
 * Whether some place of the mutant's function is among `places` (`file:line`). What
 * stands outside of functions may be anywhere.
 */
export function isAmong(places: ReadonlySet<string>, { file, lines }: Mutant): boolean {
  if (!lines) return true;
  const [from, to] = lines;
  for (let line = from; line <= to; line++) if (places.has(`${file}:${line}`)) return true;
  return false;
}
