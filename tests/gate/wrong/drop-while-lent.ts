import { Thing, useLater } from "./bindings/gate-guests-things";
import { go } from "./bindings/lend";

/** Wrong: drops what the callee has borrowed. */
export function run(task: go.Task): void {
  const thing = Thing.create(3);
  useLater.start(thing);
  if (useLater.started()) {
    thing.drop();
    useLater.wait();
  } else {
    useLater.wait();
    thing.drop();
  }
  task.resolve(useLater.result());
}
