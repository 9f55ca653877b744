import { ask, tell } from "./bindings/asker-import";
import { run } from "./bindings/asker";

/** Strings through calls, of both kinds. */
export function main(task: run.Task): void {
  const first = ask.call(task.name);
  task.resolve(first + "/" + ask.call("again"));
}

export function twice(name: string): string {
  const words = tell.words();
  words.allocate(2);
  words[0] = name;
  words[1] = "and";
  tell(words);
  return name + name;
}
