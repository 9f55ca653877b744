import { relay } from "./bindings/relay";

/** Passes each token on; what nobody takes, it drops. */
export function run(task: relay.Task): void {
  const output = task.resolve();
  while (task.x.next()) {
    const token = task.x.value;
    if (!output.writeOne(token) && !output.taken) token.drop();
  }
}
