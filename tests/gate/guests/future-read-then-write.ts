import { oath } from "./bindings/oath";

/** Reads one value and answers with twice that. */
export function run(task: oath.Task): void {
  const output = task.resolve();
  const answer = task.x.read() * 2;
  if (task.x.read() * 2 != answer) unreachable();
  output.write(answer);
}
