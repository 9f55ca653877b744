import { double } from "./bindings/my-test-i";
import { run } from "./bindings/wasi-cli-run";
import { expect } from "./expect";

/** 1,000 items through `double` and back, then the end of the stream, seen by both sides. */
export function main(task: run.Task): void {
  const input = double.x();
  const output = double.call();
  for (let i: u32 = 0; i < 1000; i++) {
    expect(input.writeOne(i));
    expect(output.next());
    expect(output.value == i * 2);
  }
  input.drop();
  // `double` drops its end once it has seen that ours is gone: the answer proves both.
  expect(!output.next());
  expect(!output.next());
  output.drop();
  task.resolve(true);
}
