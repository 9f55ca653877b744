import type { RuleName } from "./rules.js";

/** A broken rule: thrown through the guest, which ends the schedule. */
export class Found extends Error {
  override readonly name = "Found";

  /** @param site where in the instrumented module; -1 when it is no one instruction's doing */
  constructor(
    readonly rule: RuleName,
    message: string,
    public site = -1,
  ) {
    super(message);
  }
}

/** The state at a choice was seen before: what follows from it is, or will be, explored from there. */
export class Pruned extends Error {
  override readonly name = "Pruned";
}

/** The arena has no room, and the gate has left some of it unused: only a run without that tells. */
export class NoRoom extends Error {
  override readonly name = "NoRoom";
}

/** The guest runs on without an end: its step budget is used up. */
export class NeverReturns extends Error {
  override readonly name = "NeverReturns";

  constructor(readonly site: number) {
    super("the guest never returns");
  }
}
