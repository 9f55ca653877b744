import { pass } from "./bindings/pass";

/** Wrong: hands an end on whose read goes on, or has brought an item that nobody was given. */
export function run(task: pass.Task): void {
  task.x.start();
  task.resolve(task.x);
}
