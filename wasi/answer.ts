/** Answers of an HTTP service. */
// @ts-nocheck: AssemblyScript; asc checks it
import * as handler from "./bindings/wasi-http-handler";
import * as types from "./bindings/wasi-http-types";
import { writeText } from "as-rill/text";
import { takeBody } from "./body";

/**
 * The writable end of the trailers of the answer that is being written: 0 when there is
 * none. A service has one task at a time.
 */
@lazy
let trailers: usize = 0;

/**
 * Answers with `status` and `text`. The request is the guest's still: to be
 * dropped, unless `openBody` or `readBody` took it.
 * @param headers those of the answer (`addHeader`); none if left out
 * Heap: none
 */
export function answer(
  task: handler.handle.Task,
  status: u16,
  text: string,
  headers: types.Fields = types.Fields.create(),
): void {
  const body = beginAnswer(task, status, headers);
  writeText(body, text);
  endAnswer(body);
}

/**
 * Begins an answer.
 * @param headers as in `answer`
 * @returns where its body is written; `endAnswer` ends it
 * Heap: none
 */
export function beginAnswer(
  task: handler.handle.Task,
  status: u16,
  headers: types.Fields = types.Fields.create(),
): types.StreamU8Writer {
  const body = types.StreamU8.create();
  const end = types.FutureResultOptionFieldsErrorCode.create();
  const readable = types.FutureResultOptionFieldsErrorCode.readable(end);
  respond(task, status, headers, types.StreamU8.readable(body), readable);
  trailers = changetype<usize>(end);
  return body;
}

/** Ends the answer whose body was `body`, without trailers, and waits until the host has taken notice. */
export function endAnswer(body: types.StreamU8Writer): void {
  body.drop();
  // SAFETY: `beginAnswer` left the writer there.
  const end = changetype<types.FutureResultOptionFieldsErrorCodeWriter>(trailers);
  end.value.tag = types.ResultOptionFieldsErrorCode.ok;
  end.value.ok.tag = types.OptionFields.none;
  end.write();
  end.drop();
}

/**
 * Takes the request over and answers with its body, trailers too: the host passes them on, and the task need
 * not wait for them.
 * @param headers as in `answer`
 * Heap: none
 */
export function sendBack(
  task: handler.handle.Task,
  status: u16,
  request: types.Request,
  headers: types.Fields = types.Fields.create(),
): void {
  const taken = takeBody(request);
  respond(task, status, headers, taken.item0, taken.item1);
}

function respond(
  task: handler.handle.Task,
  status: u16,
  headers: types.Fields,
  body: types.StreamU8,
  end: types.FutureResultOptionFieldsErrorCode,
): void {
  const contents = types.responseNew.contents();
  contents.tag = types.OptionStreamU8.some;
  contents.some = body;
  const made = types.Response.new_(headers, contents, end);
  const response = made.item0;
  made.item1.drop();
  response.setStatusCode(status);
  task.output.tag = handler.ResultResponseErrorCode.ok;
  task.output.ok = response;
  task.resolve(task.output);
}
