/** Copies in.txt to out.txt, in capitals. */
import { print, printError, readFile, writeFile } from "as-rill/wasi";
import { run } from "./bindings/wasi-cli-run";

export function runRun(task: run.Task): void {
  const text = new StaticArray<u8>(4096);
  const length = readFile("in.txt", text);
  if (length < 0) {
    printError("files: there is no in.txt");
    task.resolve(false);
    return;
  }
  for (let i = 0; i < length; i++) {
    const byte = text[i];
    if (byte >= 97 && byte <= 122) text[i] = byte - 32;
  }
  task.resolve(writeFile("out.txt", text, length) && print(length.toString() + " bytes"));
}
