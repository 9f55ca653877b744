/** A GET request to a server, one at a time. */
// @ts-nocheck: AssemblyScript; asc checks it
import * as client from "./bindings/wasi-http-client";
import * as types from "./bindings/wasi-http-types";

/** The response that came. */
@lazy
let response: usize = 0;

/** What became of the request: held until the body is read, for the connection ends with it. */
@lazy
let transmission: usize = 0;

/**
 * Sends GET and waits for the answer. One that has come is to be ended by `endGet`.
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
  transmission = changetype<usize>(made.item1);
  address(made.item0, authority, path, isEncrypted);
  const answered = client.send.call(made.item0);
  trailers.drop();
  if (answered.tag != client.ResultResponseErrorCode.ok) {
    dropTransmission();
    return 0;
  }
  response = changetype<usize>(answered.ok);
  return answered.ok.getStatusCode();
}

/**
 * Opens the body of the answer that `get` has told the status of.
 * @returns its reader, which `endGet` takes
 * Heap: none
 */
export function openAnswer(): types.StreamU8Reader {
  const outcome = types.FutureResultUnitErrorCode.create();
  // SAFETY: `get` left the handle there.
  const came = changetype<types.Response>(response);
  const body = types.Response.consumeBody(came, types.FutureResultUnitErrorCode.readable(outcome));
  body.item1.drop();
  outcome.value.tag = types.ResultUnitErrorCode.ok;
  outcome.write();
  outcome.drop();
  return body.item0.open();
}

/** Ends the answer whose body is `body`, read to its end or not, and its connection. */
export function endGet(body: types.StreamU8Reader): void {
  body.drop();
  dropTransmission();
}

function dropTransmission(): void {
  // SAFETY: `get` left the handle there.
  changetype<types.FutureResultUnitErrorCode>(transmission).drop();
}

function address(request: types.Request, authority: string, path: string, isEncrypted: bool): void {
  const scheme = types.requestSetScheme.scheme();
  scheme.tag = types.OptionScheme.some;
  scheme.some.tag = isEncrypted ? types.Scheme.https : types.Scheme.http;
  request.setScheme(scheme);
  const host = types.requestSetAuthority.authority();
  host.tag = types.OptionString.some;
  host.some = authority;
  request.setAuthority(host);
  const place = types.requestSetPathWithQuery.pathWithQuery();
  place.tag = types.OptionString.some;
  place.some = path;
  request.setPathWithQuery(place);
}
