/** Counts the lines, words and bytes of standard input. */
import { print } from "as-rill/wasi";
import { run } from "./bindings/wasi-cli-run";
import * as stdin from "./bindings/wasi-cli-stdin";

const LENGTH = 65536;
const BUFFER: usize = memory.data(65536);

export function runRun(task: run.Task): void {
  const source = stdin.readViaStream();
  const input = source.item0.open();
  source.item1.drop();
  let lines: u64 = 0;
  let words: u64 = 0;
  let bytes: u64 = 0;
  let isInWord = false;
  for (let length = input.readInto(BUFFER, LENGTH); length; length = input.readInto(BUFFER, LENGTH)) {
    bytes += length;
    for (let i = 0; i < length; i++) {
      const byte = load<u8>(BUFFER + i);
      const isSpace = byte == 32 || (byte >= 9 && byte <= 13);
      if (byte == 10) lines++;
      if (!isSpace && !isInWord) words++;
      isInWord = !isSpace;
    }
  }
  input.drop();
  task.resolve(print(lines.toString() + " " + words.toString() + " " + bytes.toString()));
}
