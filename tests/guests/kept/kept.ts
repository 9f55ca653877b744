/** Passes what it is given to calls that it starts, and answers what they answer. */
import { joined, through } from "./bindings/kept";
import { echo, join } from "./bindings/test-kept-outside";

/** One value of every sort. */
export function passOn(task: through.Task): void {
  echo.start(task.x);
  task.resolve(echo.result());
}

/** Several parameters. */
export function passBoth(task: joined.Task): void {
  join.start(task.a, task.b);
  task.resolve(join.result());
}
