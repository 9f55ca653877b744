/** Guests of texts. */
import { measure, name, shout } from "./bindings/test-row-texts";

export function runName(task: name.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) if (!output.writeOne("item " + input.value.toString())) return;
}

export function runShout(task: shout.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) if (!output.writeOne(input.value + "!")) return;
}

export function runMeasure(task: measure.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) if (!output.writeOne(input.value.length)) return;
}
