import { double } from "./bindings/my-test-i";
import { run } from "./bindings/wasi-cli-run";
import { expect } from "./expect";

/** Cancels writes that nobody takes, and writes the same items again: each comes back once, in order. */
export function main(task: run.Task): void {
  const input = double.x();
  const output = double.call();
  expect(input.writeOne(0));
  for (let i: u32 = 1; i < 100; i++) {
    // `double` holds item i - 1 until we read it, so it does not take item i.
    expect(!input.start(i));
    expect(!input.cancel());
    expect(!input.taken);
    expect(output.next());
    expect(output.value == (i - 1) * 2);
    expect(input.writeOne(i));
  }
  expect(output.next());
  expect(output.value == 198);
  input.drop();
  expect(!output.next());
  output.drop();
  task.resolve(true);
}
