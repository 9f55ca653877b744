/** A request with a body, one at a time. */
// @ts-nocheck: AssemblyScript; asc checks it
import * as client from "./bindings/wasi-http-client";
import * as types from "./bindings/wasi-http-types";
import { address, endExchange, holdResponse, holdTrailers, holdTransmission } from "./exchange";

/**
 * Sends POST with the first `length` bytes of `from` and waits for the answer. One that has come is to be
 * ended by `closeAnswer`.
 * @param authority    the host, with `:PORT` where it is not the usual one
 * @param path         with the query, if there is one
 * @param isEncrypted  https, instead of http
 * @param headers      those of the request (`addHeader`); none if left out
 * @returns the status; 0 when there is no answer
 * Heap: none
 */
export function post(
  authority: string,
  path: string,
  from: StaticArray<u8>,
  length: i32,
  isEncrypted: bool = false,
  headers: types.Fields = types.Fields.create(),
): u16 {
  const body = beginRequest(types.Method.post, authority, path, isEncrypted, headers);
  body.writeAll(from, length);
  return awaitAnswer(body);
}

/**
 * Begins a request.
 * @param method   a case of `Method` in `bindings/wasi-http-types`, such as `Method.put`
 * @param headers  as in `post`, and so are the others
 * @returns where its body is written; `awaitAnswer` ends it
 * Heap: none
 */
export function beginRequest(
  method: u8,
  authority: string,
  path: string,
  isEncrypted: bool = false,
  headers: types.Fields = types.Fields.create(),
): types.StreamU8Writer {
  const body = types.StreamU8.create();
  const readable = types.StreamU8.readable(body);
  client.send.start(made(method, authority, path, isEncrypted, headers, readable));
  return body;
}

/**
 * Ends the request whose body was `body`, and waits for the answer.
 * @returns as `post`
 * Heap: none
 */
export function awaitAnswer(body: types.StreamU8Writer): u16 {
  body.drop();
  return answered(client.send.result());
}

/**
 * Sends a request with the bytes of `body`, which the host passes on: the guest copies none of them.
 * @param method   as in `beginRequest`
 * @param body     a stream that came and was not opened
 * @param headers  as in `post`, and so are the others
 * @returns as `post`
 * Heap: none
 */
export function sendStream(
  method: u8,
  authority: string,
  path: string,
  body: types.StreamU8,
  isEncrypted: bool = false,
  headers: types.Fields = types.Fields.create(),
): u16 {
  return answered(client.send.call(made(method, authority, path, isEncrypted, headers, body)));
}

function answered(outcome: client.ResultResponseErrorCode): u16 {
  if (outcome.tag == client.ResultResponseErrorCode.ok) return holdResponse(outcome.ok);
  endExchange();
  return 0;
}

function made(
  method: u8,
  authority: string,
  path: string,
  isEncrypted: bool,
  headers: types.Fields,
  body: types.StreamU8,
): types.Request {
  const trailers = types.FutureResultOptionFieldsErrorCode.create();
  trailers.value.tag = types.ResultOptionFieldsErrorCode.ok;
  trailers.value.ok.tag = types.OptionFields.none;
  // The host reads them behind the body.
  trailers.start();
  holdTrailers(trailers);
  const contents = types.requestNew.contents();
  contents.tag = types.OptionStreamU8.some;
  contents.some = body;
  const options = types.requestNew.options();
  options.tag = types.OptionRequestOptions.none;
  const end = types.FutureResultOptionFieldsErrorCode.readable(trailers);
  const both = types.Request.new_(headers, contents, end, options);
  holdTransmission(both.item1);
  const request = both.item0;
  const how = types.requestSetMethod.method();
  how.tag = method;
  request.setMethod(how);
  address(request, authority, path, isEncrypted);
  return request;
}
