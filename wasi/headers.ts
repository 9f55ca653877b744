/** Headers of HTTP. */
// @ts-nocheck: AssemblyScript; asc checks it
import * as types from "./bindings/wasi-http-types";

/**
 * Adds a header to `headers`, which `Fields.create()` makes.
 * @param value ASCII; it lies in the current region of the arena for a moment
 * @returns whether the host takes such a header
 */
export function addHeader(headers: types.Fields, name: string, value: string): bool {
  const bytes = new StaticArray<u8>(value.length);
  for (let i = 0; i < value.length; i++) bytes[i] = <u8>value.charCodeAt(i);
  return headers.append(name, bytes).tag == types.ResultUnitHeaderError.ok;
}
