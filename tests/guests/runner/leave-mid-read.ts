import { double } from "./bindings/my-test-i";
import { run } from "./bindings/wasi-cli-run";
import { expect } from "./expect";

/** Drops the readable end while its read is in flight: drop cancels first, as it must. */
export function main(task: run.Task): void {
  const input = double.x();
  const output = double.call();
  expect(!output.start());
  output.drop();
  expect(!output.next());
  expect(input.writeOne(7));
  expect(!input.writeOne(8));
  input.drop();
  task.resolve(true);
}
