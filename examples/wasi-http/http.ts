/** Answers GET with a greeting and sends everything else back, as a stream. */
import { answer, beginAnswer, copy, endAnswer, openBody } from "as-rill/wasi";
import { handle } from "./bindings/wasi-http-handler";
import { Method } from "./bindings/wasi-http-types";

export function runHandle(task: handle.Task): void {
  const request = task.request;
  if (request.getMethod().tag == Method.get_) {
    request.drop();
    answer(task, 200, "Hello, world!\n");
    return;
  }
  const input = openBody(request);
  const output = beginAnswer(task, 200);
  copy(input, output);
  input.drop();
  endAnswer(output);
}
