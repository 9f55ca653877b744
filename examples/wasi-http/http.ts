/** Answers GET with a greeting and sends everything else back, as a stream. */
import { addHeader, answer, sendBack } from "as-rill/wasi";
import { handle } from "./bindings/wasi-http-handler";
import { Fields, Method } from "./bindings/wasi-http-types";

export function runHandle(task: handle.Task): void {
  const request = task.request;
  if (request.getMethod().tag != Method.get_) {
    sendBack(task, 200, request);
    return;
  }
  request.drop();
  const headers = Fields.create();
  addHeader(headers, "content-type", "text/plain");
  answer(task, 200, "Hello, world!\n", headers);
}
