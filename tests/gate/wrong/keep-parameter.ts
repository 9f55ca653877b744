import { run } from "./bindings/asker";

let kept: string | null = null;

/** Wrong: what a call was given is used in the next one. */
export function main(task: run.Task): void {
  const name = task.name;
  task.resolve(kept ? kept! : name);
  kept = name;
}

export function twice(name: string): string {
  return name;
}
