/**
 * Items with strings or lists in files: chunks of two words (the items' count, the bytes of their space), the
 * items in canonical layout, and the space, which holds UTF-8. What run/main.c reads and writes.
 */
import { codecOf, loadElements, storeElements } from "../host/values/codec.js";
import { LiftLowerContext } from "../host/values/lift-lower-context.js";
import { LinearMemory } from "../host/values/linear-memory.js";
import type { Value } from "../host/values/value.js";
import { alignTo } from "../wit/layout.js";
import type { ValueType } from "../wit/model.js";
import { NotServed } from "./not-served.js";

const HEADER_BYTES = 8;
/** Bytes of a space at most: run/run.h has as many. */
const SPACE_LIMIT = 1 << 24;

/** The values as one chunk. @throws NotServed when they take more than 16 MiB beside the items themselves */
export function writeChunk(type: ValueType, values: readonly Value[]): Uint8Array {
  const { space, items } = layOut(type, values);
  const chunk = new Uint8Array(HEADER_BYTES + items.length + space.length);
  const header = new DataView(chunk.buffer);
  header.setUint32(0, values.length, true);
  header.setUint32(4, space.length, true);
  chunk.set(items, HEADER_BYTES);
  chunk.set(space, HEADER_BYTES + items.length);
  return chunk;
}

/**
 * Lays values out: the items, and a space whose first bytes are theirs, too, so
 * that addresses count from its start.
 */
export function layOut(
  type: ValueType,
  values: readonly Value[],
): { readonly items: Uint8Array; readonly space: Uint8Array } {
  const codec = codecOf(type);
  const start = alignTo(values.length * codec.elemSize, 8);
  const source = { buffer: new ArrayBuffer(start + 4096) };
  let end = start;
  const realloc = (_ptr: number, _byteLength: number, alignment: number, byteLength: number): number => {
    const ptr = alignTo(end, alignment);
    end = ptr + byteLength;
    if (end - start > SPACE_LIMIT)
      throw new NotServed(
        `items with more than ${SPACE_LIMIT} bytes of strings and lists at once; the C host's program has no room for them`,
      );
    if (end > source.buffer.byteLength) source.buffer = grown(source.buffer, end * 2);
    return ptr;
  };
  const cx = new LiftLowerContext({ encoding: "utf8", memory: new LinearMemory(source), realloc });
  storeElements(cx, codec, 0, values);
  const all = new Uint8Array(source.buffer);
  const items = all.slice(0, values.length * codec.elemSize);
  return { space: all.slice(0, end), items };
}

function grown(buffer: ArrayBuffer, byteLength: number): ArrayBuffer {
  const larger = new ArrayBuffer(byteLength);
  new Uint8Array(larger).set(new Uint8Array(buffer));
  return larger;
}

/** Bytes of the chunk that begins with `header`, of 8 bytes at least. */
export function chunkByteLength(type: ValueType, header: Uint8Array): number {
  const words = new DataView(header.buffer, header.byteOffset, HEADER_BYTES);
  return HEADER_BYTES + words.getUint32(0, true) * codecOf(type).elemSize + words.getUint32(4, true);
}

/** The values of a file of chunks, chunk by chunk. */
export function* readChunks(type: ValueType, file: Uint8Array): Generator<readonly Value[]> {
  const codec = codecOf(type);
  const header = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 0; at < file.length;) {
    const length = header.getUint32(at, true);
    const spaceBytes = header.getUint32(at + 4, true);
    const items = at + HEADER_BYTES;
    const space = items + length * codec.elemSize;
    yield loadValues(type, file.subarray(items, space), file.subarray(space, space + spaceBytes));
    at = space + spaceBytes;
  }
}

/**
 * The values of items whose strings and lists are in a space: loaded from behind
 * it, as addresses count from its start.
 */
export function loadValues(type: ValueType, items: Uint8Array, space: Uint8Array): Value[] {
  const codec = codecOf(type);
  const start = alignTo(space.length, 8);
  const bytes = new Uint8Array(start + items.length);
  bytes.set(space);
  bytes.set(items, start);
  const memory = new LinearMemory({ buffer: bytes.buffer });
  const cx = new LiftLowerContext({ encoding: "utf8", memory, realloc: null });
  return loadElements(cx, codec, start, items.length / codec.elemSize);
}
