/** How many tasks of one instance may be at work at once. */
import { UserError } from "../errors/user-error.js";

/** Whether each task has a block of memory. */
export function hasBlocks(tasks: number | undefined): tasks is number {
  return tasks !== undefined && tasks > 1;
}

/** @throws UserError for several tasks in a guest that waits inside its function */
export function requireCallback(wait: "wait" | "callback" | undefined, count: number | undefined): void {
  if (count !== undefined && wait !== "callback")
    throw new UserError(`--tasks ${count} goes with --wait callback: a guest that waits inside has one task`);
}
