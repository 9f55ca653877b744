/** Guests in a row as a board takes them. */
import type { RowGuest } from "../../native/board-row.js";
import { bindValues } from "../../pack/bind-values.js";
import { onOneStack } from "./one-stack.js";
import type { StagePlan } from "./stage-plan.js";

/**
 * The guests, all of which go back to the firmware when they wait, with their values in their code.
 * @throws UserError for one that waits inside its function, and cannot be changed, or for a value that is not
 *   of numbers alone
 */
export function rowOf(guests: readonly StagePlan[]): RowGuest[] {
  const cores = onOneStack(guests, "none stays");
  return guests.map(({ corePath: source, world: whole, call, func, inputs }, index) => {
    const values = new Map(
      inputs.flatMap((input, at) =>
        input.kind === "value" ? [[func.params[at]!.name, input.value] as const] : [],
      ),
    );
    const { core, world } = bindValues({ core: cores[index]!, world: whole }, source, call, values);
    const piped = inputs.filter(({ kind }) => kind !== "value").findIndex(({ kind }) => kind === "piped");
    return { source, core, world, call, piped: piped < 0 ? null : piped };
  });
}
