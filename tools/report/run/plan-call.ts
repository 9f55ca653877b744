/** Turns the report's flags into the plan of a run; `rill run` works it out and checks it. */
import { UserError } from "../../errors/user-error.js";
import { planRun, type RunPlan } from "../../run/run-plan.js";
import { moduleWorld } from "../../wit/module-world.js";
import { chosenFunction } from "../../wit/exported-functions.js";

/** What to call, with what; the flags of `rill run`. */
export interface CallRequest {
  /** `IFACE#FUNC`, or null for the only function that the guest exports. */
  readonly call: string | null;
  /** `PARAM=FILE` or `PARAM=VALUE` each. */
  readonly inputs: readonly string[];
  /** Items of each stream to take, null for all. */
  readonly limit: number | null;
}

/**
 * The plan for the core module at `path`.
 * Errors: UserError for whatever does not fit
 */
export function planCall(path: string, core: Uint8Array, { call, inputs, limit }: CallRequest): RunPlan {
  const world = moduleWorld(path, core);
  if (!world) throw new UserError("running needs a module with its WIT inside (as `rill build` leaves it)");
  const { name } = chosenFunction(world, call);
  return planRun(path, {
    call: name,
    in: inputs,
    host: "v8",
    json: true,
    ...(limit === null ? {} : { limit }),
  });
}
