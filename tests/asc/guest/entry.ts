/** What the generated entry calls of the library beyond what a guest's author does. */
import { beginTask, endTask, lowerBlock, reallocBlock, useTaskRegion } from "as-rill/assembly/bindings";
import { numbers } from "./bindings/test-library-made";
import { runNumbers } from "./library";

export * from "./library";

/** Every allocation of the host's. */
export function realloc(ptr: usize, oldLength: usize, alignment: usize, newLength: usize): usize {
  return ptr == 0 ? lowerBlock(alignment, newLength) : reallocBlock(ptr, oldLength, newLength);
}

/** A task from its begin to its end. */
export function lift(task: numbers.Task, input: u32): void {
  beginTask();
  task.enter(input);
  runNumbers(task);
  task.exit();
  useTaskRegion();
  endTask();
}
