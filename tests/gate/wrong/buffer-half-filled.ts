import { pass } from "./bindings/pass";

const buffer = memory.data(8, 2);

/** Wrong: writes four items and has stored three. */
export function run(task: pass.Task): void {
  const output = task.resolve();
  for (let i = 0; i < 3; i++) store<u16>(buffer + i * 2, <u16>i);
  output.writeFrom(buffer, 4);
}
