/** A guest as the witness of changes in its own bindings: compared with what it was, and explored. */
import type { Compiled } from "../../tools/compile/compile.js";
import { UserError } from "../../tools/errors/user-error.js";
import { type CheckBounds, defaultBounds, exploreModule } from "../../tools/gate/check-guest.js";
import { GuestRunner } from "../../tools/gate/explore/guest-runner.js";
import { differenceOf } from "../../tools/gate/explore/same-behaviour.js";
import { buildCompiled, compileChecking } from "../../tools/gate/instrumentation/checking-module.js";
import { planWorld } from "../../tools/gate/model/plan.js";
import { withSource } from "../gate/gate-guests.js";
import { withoutPositions } from "../mutants/guest-witnesses.js";
import type { Fate } from "../mutants/witness.js";
import type { PlacedMutant } from "./bindings-mutants.js";
import type { BoundGuest } from "./bound-guests.js";

/** Random schedules in which the changed guest is compared with the guest as it is. */
const SAME_SCHEDULES = 60;
/** Seconds that no guest comes near to. */
const SECONDS = 600;
const ITEMS = 2;
/** Answers of poll that are "nothing yet" in a row. */
const IDLE_POLLS = 2;

export class BindingsWitness {
  private constructor(
    private readonly bound: BoundGuest,
    private readonly bounds: CheckBounds,
    /** As asc made it, without positions. */
    private readonly code: string,
    private readonly before: GuestRunner,
  ) {}

  /** @throws Error when the gate complains of the guest as it is */
  static async make(bound: BoundGuest): Promise<BindingsWitness> {
    const { calls, contents, wanted, schedules } = bound;
    const bounds = { ...defaultBounds, items: ITEMS, seconds: SECONDS, schedules, first: true };
    const limits: CheckBounds = { ...bounds, calls, contents, wanted };
    const compiled = await compileChecking(bound.guest, "announcing");
    const before = runnerOf(bound, compiled);
    if (exploreModule(before, limits).discoveries.length > 0)
      throw new Error(`the gate complains of ${bound.name} as it is`);
    return new BindingsWitness(bound, limits, withoutPositions(compiled.text), before);
  }

  /** What becomes of one change. */
  async fateOf({ file, text }: PlacedMutant): Promise<Fate> {
    try {
      const compiled = await compileChecking(withSource(this.bound.guest, file, text), "announcing");
      if (withoutPositions(compiled.text) === this.code) return "same";
      const after = runnerOf(this.bound, compiled);
      const { calls } = this.bounds;
      if (differenceOf(this.before, after, { schedules: SAME_SCHEDULES, calls })) return "killed";
      return exploreModule(after, this.bounds).discoveries.length > 0 ? "killed" : "survived";
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return /does not compile/.test(error.message) ? "refused" : "killed";
    }
  }
}

function runnerOf({ guest, contents, wanted }: BoundGuest, compiled: Compiled): GuestRunner {
  const module = buildCompiled(guest, compiled, "announcing", { optimized: false });
  const runner = new GuestRunner(module, planWorld(guest.world, wanted), {
    items: ITEMS,
    idlePolls: IDLE_POLLS,
  });
  runner.host.expectations.set(contents);
  return runner;
}
