import { double } from "./bindings/my-test-i";

class Box {
  value: u32 = 0;
}

function doubled(value: u32): u32 {
  const box = new Box();
  box.value = value * 2;
  return box.value;
}

/**
 * Breaks the rule that guests keep: it allocates 16 bytes at the start and 4
 * bytes an item, for the reports to see.
 */
export function run(task: double.Task): void {
  const first = new StaticArray<u32>(4);
  const input = task.x;
  const output = task.resolve();
  while (input.next()) {
    first[0] = doubled(input.value);
    if (!output.writeOne(first[0])) break;
  }
}
