/** The exchange of a request for its answer: one at a time. */
// @ts-nocheck: AssemblyScript; asc checks it
import * as types from "./bindings/wasi-http-types";

/** The response that came. */
@lazy
let response: usize = 0;

/** What became of the request: held until the body is read, for the connection ends with it. */
@lazy
let transmission: usize = 0;

/** The writable end of the request's trailers, which the host may not have read yet; 0: none. */
@lazy
let trailers: usize = 0;

/** Holds what became of the request that is to be sent. */
export function holdTransmission(end: types.FutureResultUnitErrorCode): void {
  transmission = changetype<usize>(end);
}

/** Holds trailers that are written, and taken later. */
export function holdTrailers(end: types.FutureResultOptionFieldsErrorCodeWriter): void {
  trailers = changetype<usize>(end);
}

/** Holds the response. @returns its status */
export function holdResponse(came: types.Response): u16 {
  response = changetype<usize>(came);
  return came.getStatusCode();
}

/**
 * Opens the body of the answer that came last.
 * @returns its reader, which `closeAnswer` takes
 * Heap: none
 */
export function openAnswer(): types.StreamU8Reader {
  const outcome = types.FutureResultUnitErrorCode.create();
  // SAFETY: `holdResponse` left the handle there.
  const came = changetype<types.Response>(response);
  const body = types.Response.consumeBody(came, types.FutureResultUnitErrorCode.readable(outcome));
  body.item1.drop();
  outcome.value.tag = types.ResultUnitErrorCode.ok;
  outcome.write();
  outcome.drop();
  return body.item0.open();
}

/** Ends the answer whose body is `body`, read to its end or not, and its connection. */
export function closeAnswer(body: types.StreamU8Reader): void {
  body.drop();
  endExchange();
}

/** Drops what is held for the connection. */
export function endExchange(): void {
  // SAFETY: `holdTransmission` left the handle there.
  changetype<types.FutureResultUnitErrorCode>(transmission).drop();
  if (!trailers) return;
  // SAFETY: `holdTrailers` left the writer there. Without a connection the host has no use for them.
  changetype<types.FutureResultOptionFieldsErrorCodeWriter>(trailers).drop();
  trailers = 0;
}

/** Says where a request goes. */
export function address(request: types.Request, authority: string, path: string, isEncrypted: bool): void {
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
