/**
 * An error whose reader can mend it: bad usage or bad input. The command line prints `message` alone, without
 * a stack, and exits 2. The message says what is wrong, where, and what to do.
 */
export class UserError extends Error {
  override readonly name = "UserError" as const;
}

/** A check, a budget or a run that failed: the command line prints `message` alone and exits 1. */
export class CheckFailure extends Error {
  override readonly name = "CheckFailure";
}
