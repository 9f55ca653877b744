import { double } from "./bindings/my-test-i";
import { run } from "./double";

// [async-lift]my:test/i#double
export function lift0(x: u32): i32 {
  // SAFETY: a Task holds no state of its own; its parts are in the static frame.
  const task = changetype<double.Task>(0);
  task.enter(x);
  run(task);
  task.exit();
  return 0;
}
// [callback][async-lift]my:test/i#double
export function callback0(event: i32, waitable: i32, payload: i32): i32 {
  return unreachable();
}
