import { double } from "./bindings/my-test-i";
import { run } from "./bindings/wasi-cli-run";
import { expect } from "./expect";

/**
 * Cancels reads in mid-stream, with nothing on its way and with an item on its
 * way: none is lost, none comes twice.
 */
export function main(task: run.Task): void {
  const input = double.x();
  const output = double.call();
  for (let i: u32 = 0; i < 100; i++) {
    expect(!output.start()); // `double` waits for us, so there is nothing to read yet
    expect(!output.cancel());
    expect(!output.start());
    expect(input.writeOne(i)); // now an item is on its way, or will be soon
    output.cancel();
    expect(output.next());
    expect(output.value == i * 2);
  }
  input.drop();
  expect(!output.next());
  output.drop();
  task.resolve(true);
}
