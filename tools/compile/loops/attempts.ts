/** Compiles with loops changed, and again where asc says that one of them may not be. */
import { UserError } from "../../errors/user-error.js";
import { type Refused, refusal } from "../refusal.js";
import { type Kept, questionedLoops } from "./rewrite-loops.js";

/** What asc answers: a module, or errors. */
export interface Attempt<Compiled> {
  readonly compiled: Compiled | null;
  /** How many loops were changed. */
  readonly loops: number;
  readonly errors: string;
}

/**
 * @param attempt compiles once, with the loops of these numbers as they are written
 * @param about   what errors are explained with
 * @throws UserError with what asc says of the guest as it is written
 */
export async function compileWithLoops<Compiled>(
  attempt: (kept: Kept) => Promise<Attempt<Compiled>>,
  about: Refused,
): Promise<Compiled> {
  const kept = new Set<number>();
  for (;;) {
    const { compiled, loops, errors } = await attempt(kept);
    if (compiled) return compiled;
    const questioned = questionedLoops(errors);
    for (const loop of questioned) kept.add(loop);
    if (questioned.length > 0) continue;
    const unchanged = loops > 0 ? await attempt("all") : { compiled, errors };
    if (unchanged.compiled) return unchanged.compiled;
    throw new UserError(refusal(unchanged.errors, about));
  }
}
