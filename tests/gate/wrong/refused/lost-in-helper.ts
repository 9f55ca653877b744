import { pass } from "./bindings/pass";

let rounds: u32 = 0;

function lost(from: u32): u32 {
  while (from != 1) {
    from += 2;
    rounds++;
  }
  return from;
}

/** Calls a function that does not come back. */
export function run(task: pass.Task): void {
  const output = task.resolve();
  output.writeOne(1);
  lost(3);
  output.writeOne(1);
  lost(4);
}
