/** Counts the lines of standard input. */
import { print } from "as-rill/wasi";
import { run } from "./bindings/wasi-cli-run";
import * as stdin from "./bindings/wasi-cli-stdin";

const LENGTH: u32 = 4096;
/** What was read last: static memory, as all memory of a guest is. */
const BUFFER: usize = memory.data(4096);

/** How many lines end in the `length` bytes at `ptr`. */
export function lineEnds(ptr: usize, length: u32): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < length; i++) {
    if (load<u8>(ptr + i) == 10) count++;
  }
  return count;
}

export function runRun(task: run.Task): void {
  const source = stdin.readViaStream();
  const input = source.item0.open();
  source.item1.drop();
  let lines: u64 = 0;
  for (let length = input.readInto(BUFFER, LENGTH); length; length = input.readInto(BUFFER, LENGTH)) {
    lines += lineEnds(BUFFER, length);
  }
  input.drop();
  task.resolve(print(lines.toString()));
}
