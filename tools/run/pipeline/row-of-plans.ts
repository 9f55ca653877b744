/** Guests in a row as a board takes them. */
import type { RowGuest } from "../../native/board-row.js";
import { onOneStack } from "./one-stack.js";
import type { StagePlan } from "./stage-plan.js";

/**
 * The guests, all of which go back to the firmware when they wait.
 * @throws UserError for one that waits inside its function, and cannot be changed
 */
export function rowOf(guests: readonly StagePlan[]): RowGuest[] {
  const cores = onOneStack(guests, "none stays");
  return guests.map(({ corePath: source, world, call, inputs }, index) => {
    const piped = inputs.findIndex(({ kind }) => kind === "piped");
    return { source, core: cores[index]!, world, call, piped: piped < 0 ? null : piped };
  });
}
