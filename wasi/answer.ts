/** Answers of an HTTP service. */
// @ts-nocheck: AssemblyScript; asc checks it
import * as handler from "./bindings/wasi-http-handler";
import * as types from "./bindings/wasi-http-types";
import { writeText } from "as-rill/text";

/**
 * The writable end of the trailers of the answer that is being written: 0 when there is
 * none. A service has one task at a time.
 */
@lazy
let trailers: usize = 0;

/**
 * Answers with `status` and `text`. The request is the guest's still: to be
 * dropped, unless `openBody` took it.
 * Heap: none
 */
export function answer(task: handler.handle.Task, status: u16, text: string): void {
  const body = beginAnswer(task, status);
  writeText(body, text);
  endAnswer(body);
}

/**
 * Begins an answer without headers of its own.
 * @returns where its body is written; `endAnswer` ends it
 * Heap: none
 */
export function beginAnswer(task: handler.handle.Task, status: u16): types.StreamU8Writer {
  const body = types.StreamU8.create();
  const end = types.FutureResultOptionFieldsErrorCode.create();
  const contents = types.responseNew.contents();
  contents.tag = types.OptionStreamU8.some;
  contents.some = types.StreamU8.readable(body);
  const made = types.Response.new_(
    types.Fields.create(),
    contents,
    types.FutureResultOptionFieldsErrorCode.readable(end),
  );
  const response = made.item0;
  made.item1.drop();
  response.setStatusCode(status);
  task.output.tag = handler.ResultResponseErrorCode.ok;
  task.output.ok = response;
  task.resolve(task.output);
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

/** Takes the request over. @returns the reader of its body, open until its `drop` */
export function openBody(request: types.Request): types.StreamU8Reader {
  const outcome = types.FutureResultUnitErrorCode.create();
  const taken = types.Request.consumeBody(request, types.FutureResultUnitErrorCode.readable(outcome));
  taken.item1.drop();
  outcome.value.tag = types.ResultUnitErrorCode.ok;
  outcome.write();
  outcome.drop();
  return taken.item0.open();
}
