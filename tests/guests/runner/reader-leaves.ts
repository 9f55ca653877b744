import { double } from "./bindings/my-test-i";
import { run } from "./bindings/wasi-cli-run";
import { expect } from "./expect";

/** Goes away as a reader after three items: `double` sees it, stops, and drops its own readable end. */
export function main(task: run.Task): void {
  const input = double.x();
  const output = double.call();
  for (let i: u32 = 0; i < 3; i++) {
    expect(input.writeOne(i));
    expect(output.next());
    expect(output.value == i * 2);
  }
  output.drop();
  expect(input.writeOne(3)); // taken by a `double` that does not know yet
  expect(!input.writeOne(4)); // now it knows
  expect(!input.writeOne(5));
  input.drop();
  task.resolve(true);
}
