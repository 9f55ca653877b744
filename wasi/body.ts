/** Bodies of HTTP requests that came. */
// @ts-nocheck: AssemblyScript; asc checks it
import * as types from "./bindings/wasi-http-types";

/**
 * Takes the request over.
 * @returns its body and its trailers, each the guest's to open, to pass on or to drop
 */
export function takeBody(request: types.Request): types.TupleStreamU8FutureResultOptionFieldsErrorCode {
  const outcome = types.FutureResultUnitErrorCode.create();
  const taken = types.Request.consumeBody(request, types.FutureResultUnitErrorCode.readable(outcome));
  outcome.value.tag = types.ResultUnitErrorCode.ok;
  outcome.write();
  outcome.drop();
  return taken;
}

/** Takes the request over. @returns the reader of its body, open until its `drop` */
export function openBody(request: types.Request): types.StreamU8Reader {
  const taken = takeBody(request);
  taken.item1.drop();
  return taken.item0.open();
}

/**
 * Takes the request over and reads its body until `into` is full.
 * @returns bytes read: the body was longer, perhaps, when it is `into.length`
 * Heap: none
 */
export function readBody(request: types.Request, into: StaticArray<u8>): i32 {
  const body = openBody(request);
  let length = 0;
  while (length < into.length) {
    // SAFETY: `length` bytes of the buffer are read, and there are more.
    const read = body.readInto(changetype<usize>(into) + <usize>length, into.length - length);
    if (!read) break;
    length += read;
  }
  body.drop();
  return length;
}
