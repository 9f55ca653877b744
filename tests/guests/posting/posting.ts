/**
 * Sends a body to the authority that is its second argument: as its first says, of a buffer, from standard
 * input as a stream that the host passes on, or copied. Prints the answer.
 */
import {
  addHeader,
  args,
  awaitAnswer,
  beginRequest,
  closeAnswer,
  copy,
  openAnswer,
  post,
  printError,
  sendStream,
} from "as-rill/wasi";
import { run } from "./bindings/wasi-cli-run";
import * as stdin from "./bindings/wasi-cli-stdin";
import * as stdout from "./bindings/wasi-cli-stdout";
import { Fields, Method } from "./bindings/wasi-http-types";

const LENGTH: i32 = 100000;
const BYTES = new StaticArray<u8>(100000);

function sent(how: string, host: string): u16 {
  if (how == "buffer") {
    BYTES.fill(97);
    const headers = Fields.create();
    addHeader(headers, "content-type", "text/plain");
    return post(host, "/buffer", BYTES, LENGTH, false, headers);
  }
  const input = stdin.readViaStream();
  input.item1.drop();
  if (how == "stream") return sendStream(Method.put, host, "/stream", input.item0);
  const body = beginRequest(Method.patch, host, "/written");
  const bytes = input.item0.open();
  copy(bytes, body);
  bytes.drop();
  return awaitAnswer(body);
}

export function runRun(task: run.Task): void {
  const words = args();
  const status = sent(words[1], words[2]);
  if (!status) {
    printError("there is no answer");
    task.resolve(false);
    return;
  }
  const answer = openAnswer();
  const output = stdout.StreamU8.create();
  const written = stdout.writeViaStream(stdout.StreamU8.readable(output)).open();
  copy(answer, output);
  output.drop();
  written.read();
  closeAnswer(answer);
  task.resolve(status < 300);
}
