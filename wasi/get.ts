/** A GET request to a server, one at a time. */
// @ts-nocheck: AssemblyScript; asc checks it
import * as client from "./bindings/wasi-http-client";
import * as types from "./bindings/wasi-http-types";
import { address, endExchange, holdResponse, holdTransmission } from "./exchange";

/**
 * Sends GET and waits for the answer. One that has come is to be ended by `closeAnswer`.
 * @param authority    the host, with `:PORT` where it is not the usual one
 * @param path         with the query, if there is one
 * @param isEncrypted  https, instead of http
 * @param headers      those of the request (`addHeader`); none if left out
 * @returns the status; 0 when there is no answer
 * Heap: none
 */
export function get(
  authority: string,
  path: string,
  isEncrypted: bool = false,
  headers: types.Fields = types.Fields.create(),
): u16 {
  const trailers = types.FutureResultOptionFieldsErrorCode.create();
  // A request without a body has no trailers either.
  trailers.value.tag = types.ResultOptionFieldsErrorCode.ok;
  trailers.value.ok.tag = types.OptionFields.none;
  trailers.start();
  const contents = types.requestNew.contents();
  contents.tag = types.OptionStreamU8.none;
  const options = types.requestNew.options();
  options.tag = types.OptionRequestOptions.none;
  const end = types.FutureResultOptionFieldsErrorCode.readable(trailers);
  const made = types.Request.new_(headers, contents, end, options);
  holdTransmission(made.item1);
  address(made.item0, authority, path, isEncrypted);
  const answered = client.send.call(made.item0);
  trailers.drop();
  if (answered.tag != client.ResultResponseErrorCode.ok) {
    endExchange();
    return 0;
  }
  return holdResponse(answered.ok);
}
