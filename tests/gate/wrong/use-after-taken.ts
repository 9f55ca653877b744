import { Thing, takeLater } from "./bindings/gate-guests-things";
import { go } from "./bindings/lend";

/** Wrong: uses what the callee takes as soon as it starts, which may be long before the guest hears of it. */
export function run(task: go.Task): void {
  const thing = Thing.create(3);
  takeLater.start(thing);
  const other = Thing.create(4);
  let worth = other.worth();
  if (!takeLater.started()) worth += thing.worth();
  other.drop();
  task.resolve(takeLater.result() + worth);
}
