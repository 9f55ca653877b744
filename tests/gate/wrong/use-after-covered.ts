import { openScope } from "as-rill/assembly";
import { ask } from "./bindings/asker-import";
import { run } from "./bindings/asker";

function shout(question: string): string {
  const scope = openScope();
  const answer = ask.call(question) + "!";
  scope.close();
  return answer;
}

/** Wrong: keeps what was made in a scope, and reads it when other strings lie there. */
export function main(task: run.Task): void {
  const first = shout(task.name);
  const second = ask.call("more") + "?";
  task.resolve((first.charCodeAt(0) + second.length).toString());
}

export function twice(name: string): string {
  return name;
}
