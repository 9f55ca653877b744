/** The function of a guest that a user named. */
import { UserError } from "../../errors/user-error.js";
import { exportedFunctions } from "../../wit/exported-functions.js";
import type { FunctionType, World } from "../../wit/model.js";

/**
 * Finds `IFACE#FUNC`; with null, the only function that the guest exports.
 * Errors: UserError that lists what there is
 */
export function findFunction(world: World, call: string | null): { name: string; func: FunctionType } {
  const all = exportedFunctions(world);
  const names = [...all.keys()].join(", ");
  if (call === null) {
    const [only, ...others] = all;
    if (only && others.length === 0) return { name: only[0], func: only[1] };
    throw new UserError(`say with --call which function to run: ${names}`);
  }
  const func = all.get(call);
  if (!func) throw new UserError(`the guest exports no function ${call}; it has ${names}`);
  return { name: call, func };
}
