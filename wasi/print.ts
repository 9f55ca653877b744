/** Text to standard output and standard error. */
// @ts-nocheck: AssemblyScript; asc checks it
import * as stderr from "./bindings/wasi-cli-stderr";
import * as stdout from "./bindings/wasi-cli-stdout";
import { writeText } from "as-rill/text";

/**
 * Writes `text` and a line's end to standard output, and waits until they are written.
 * @returns whether they were
 * Heap: none
 */
export function print(text: string): bool {
  const output = stdout.StreamU8.create();
  const written = stdout.writeViaStream(stdout.StreamU8.readable(output)).open();
  writeText(output, text) && writeText(output, "\n");
  output.drop();
  const isWritten = written.read().tag == stdout.ResultUnitErrorCode.ok;
  written.drop();
  return isWritten;
}

/** Like `print`, to standard error. Heap: none */
export function printError(text: string): bool {
  const output = stderr.StreamU8.create();
  const written = stderr.writeViaStream(stderr.StreamU8.readable(output)).open();
  writeText(output, text) && writeText(output, "\n");
  output.drop();
  const isWritten = written.read().tag == stderr.ResultUnitErrorCode.ok;
  written.drop();
  return isWritten;
}
