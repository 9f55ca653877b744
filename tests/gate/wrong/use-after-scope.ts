import { openScope } from "as-rill/assembly";
import { ask } from "./bindings/asker-import";
import { run } from "./bindings/asker";

/** Wrong: keeps what a call answered beyond the scope that it was made in. */
export function main(task: run.Task): void {
  const scope = openScope();
  const answer = ask.call(task.name);
  scope.close();
  task.resolve(answer + "!");
}

export function twice(name: string): string {
  return name;
}
