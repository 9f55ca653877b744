/** Copies what is PUT, tells how much was POSTed, up to eight bytes, and has nothing else. */
import { addHeader, answer, beginAnswer, copy, endAnswer, openBody, readBody } from "as-rill/wasi";
import { handle } from "./bindings/wasi-http-handler";
import { Fields, Method } from "./bindings/wasi-http-types";

const buffer = new StaticArray<u8>(8);

export function runHandle(task: handle.Task): void {
  const request = task.request;
  const headers = Fields.create();
  const isTaken = addHeader(headers, "x-service", "as-rill") && !addHeader(headers, "a b", "refused");
  const method = request.getMethod().tag;
  if (method == Method.put) {
    const input = openBody(request);
    const output = beginAnswer(task, isTaken ? 200 : 500, headers);
    copy(input, output);
    input.drop();
    endAnswer(output);
  } else if (method == Method.post) {
    const length = readBody(request, buffer);
    answer(task, 201, length.toString(), headers);
  } else {
    request.drop();
    answer(task, 404, "", headers);
  }
}
