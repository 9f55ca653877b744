import { openScope } from "as-rill/assembly";
import { ask } from "./bindings/gather-import";
import { gather } from "./bindings/gather";

/** Two calls in scopes of their own while an item is on its way, which lands in the one or the other. */
export function run(task: gather.Task): void {
  const input = task.a;
  input.start();
  let units = 0;
  for (let i = 0; i < 2; i++) {
    const scope = openScope();
    units += ask.call(i.toString()).length;
    scope.close();
  }
  const item = input.next() ? input.value : "none";
  task.resolve(item + units.toString());
}
