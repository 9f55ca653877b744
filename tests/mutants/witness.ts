/** What mutants are shown to: a guest that the gate explores, a file of unit specs, a program in C. */

/** What is told of any mutant. */
export interface AnyMutant {
  /** File, line's text and change: stays as long as the line does. */
  readonly key: string;
  readonly file: string;
  /** The first and last line of the function that it is in; null outside of functions. Lines from 1 on. */
  readonly lines: readonly [number, number] | null;
}

/**
 * `same`: what the compiler makes of the changed code is what it makes of the code as it is.
 * `refused`: the changed code does not compile.
 */
export type Fate = "killed" | "survived" | "same" | "refused";

/** One witness. */
export interface Witness<M extends AnyMutant> {
  readonly name: string;
  /** Whether `mutant` can make a difference to it. */
  holds(mutant: M): boolean;
  /** What it says of `mutant`. @param brief whether a short look will do */
  fateOf(mutant: M, brief: boolean): Promise<Fate>;
}

/**
 * Whether some place of the mutant's function is among `places` (`file:line`). What
 * stands outside of functions may be anywhere.
 */
export function isAmong(places: ReadonlySet<string>, { file, lines }: AnyMutant): boolean {
  if (!lines) return true;
  const [from, to] = lines;
  for (let line = from; line <= to; line++) if (places.has(`${file}:${line}`)) return true;
  return false;
}
