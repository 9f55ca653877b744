/** The function of a guest that a user named. */
import { UserError } from "../../errors/user-error.js";
import type { FunctionType, World } from "../../wit/model.js";

/**
 * Finds `IFACE#FUNC`; with null, the only function that the guest exports.
 * Errors: UserError that lists what there is
 */
export function findFunction(world: World, call: string | null): { name: string; func: FunctionType } {
  const all = [
    ...world.exports.functions.map((func) => ({ name: func.name, func })),
    ...world.exports.interfaces.flatMap(({ id, functions }) =>
      functions.map((func) => ({ name: `${id}#${func.name}`, func })),
    ),
  ];
  const names = all.map(({ name }) => name).join(", ");
  if (call === null) {
    if (all.length === 1) return all[0]!;
    throw new UserError(`say with --call which function to run: ${names}`);
  }
  const found = all.find(({ name }) => name === call);
  if (!found) throw new UserError(`the guest exports no function ${call}; it has ${names}`);
  return found;
}
