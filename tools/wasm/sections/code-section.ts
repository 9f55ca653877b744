/**
 * The code section: where each function's body lies. The instructions themselves are walked by the analyses.
 */
import { type ByteReader, WasmFormatError } from "../byte-reader.js";
import type { CodeEntry } from "../core-module.js";
import { readValueType } from "../value-types.js";

/** Reads the section. */
export function readCodeSection(reader: ByteReader): CodeEntry[] {
  return reader.vector(() => {
    const start = reader.offset;
    const body = reader.window(reader.u32());
    const range = { start: body.offset, end: body.end };
    const locals = body.vector(() => {
      const count = body.u32();
      return { count, type: readValueType(body) };
    });
    if (body.offset >= body.end || body.bytes[body.end - 1] !== 0x0b) {
      throw new WasmFormatError("function body without its end instruction", body.end - 1);
    }
    return { start, end: reader.offset, body: range, code: body.offset, locals };
  });
}
