import { numbers, rest, texts } from "./bindings/test-back-i";

export function runNumbers(task: numbers.Task): void {
  task.resolve(task.x);
}

export function runTexts(task: texts.Task): void {
  task.resolve(task.x);
}

export function runRest(task: rest.Task): void {
  if (task.x.next() && !task.x.done) task.resolve(task.x);
  else task.resolve();
}
