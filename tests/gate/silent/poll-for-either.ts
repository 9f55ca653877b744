import { advise } from "./bindings/counsel-import";
import { decide } from "./bindings/counsel";

/** A loop that only polls, for an item or a call's return: it waits, and the late one is cancelled. */
export function run(task: decide.Task): void {
  const input = task.x;
  let ready = input.start();
  let over = advise.start(1);
  while (!ready && !over) {
    ready = input.poll();
    over = advise.poll();
  }
  const answer = ready && input.next() ? input.value : 0;
  input.drop();
  advise.drop();
  task.resolve(answer);
}
