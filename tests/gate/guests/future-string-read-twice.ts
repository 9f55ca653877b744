import { letter } from "./bindings/letter";

/** Reads a text twice, which is one text, and answers with a longer one. */
export function run(task: letter.Task): void {
  const input = task.x;
  const output = task.resolve();
  input.start();
  if (!input.poll() && !input.cancel()) input.start();
  const text = input.read();
  const answer = text + "!";
  if (input.read() != text) unreachable();
  output.write(answer);
}
