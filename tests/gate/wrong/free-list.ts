import { ask, tell } from "./bindings/asker-import";
import { run } from "./bindings/asker";
import { mark, releaseTo } from "as-rill/assembly";

/** Wrong: gives the words back before it passes them on. */
export function main(task: run.Task): void {
  task.resolve(ask.call(task.name));
}

export function twice(name: string): string {
  const before = mark();
  const words = tell.words();
  words.allocate(1);
  words[0] = name;
  releaseTo(before);
  tell(words);
  return name;
}
