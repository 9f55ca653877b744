/**
 * Items as rill-run reads and writes them (programs/run/main.c): canonical layout, chunks
 * with strings or lists, or a byte a unit.
 */
import { elemSize } from "../wit/layout.js";
import type { ValueType } from "../wit/model.js";
import { Items } from "../host/copies/items.js";
import { isPlain } from "../host/values/plain-copy.js";
import { chunkByteLength, readChunks, writeChunk } from "../c-host/item-chunks.js";

/** Items in a chunk of those with strings or lists. */
const CHUNK_ITEMS = 64;
/** Items in a chunk at most, and in one go of the others. */
export const MOST_ITEMS = 4096;

/** How many items go at once. */
export function itemsAtOnce(type: ValueType | null): number {
  return type === null || isPlain(type) ? MOST_ITEMS : CHUNK_ITEMS;
}

/** The bytes of items. */
export function itemBytes(items: Items, type: ValueType | null): Uint8Array {
  if (type === null) return new Uint8Array(items.length);
  return isPlain(type) ? items.canonicalBytes()! : writeChunk(type, items.values());
}

/** Takes bytes as they come and gives the items that are whole. */
export class ItemDecoder {
  private parts: Uint8Array[] = [];
  private byteLength = 0;

  constructor(private readonly type: ValueType | null) {}

  /** The items that `bytes` have made whole. */
  push(bytes: Uint8Array): Items[] {
    this.parts.push(bytes);
    this.byteLength += bytes.length;
    const items: Items[] = [];
    for (let length = this.wholeLength(); length !== 0; length = this.wholeLength()) {
      const all = Buffer.concat(this.parts);
      items.push(...decode(all.subarray(0, length), this.type));
      this.parts = [all.subarray(length)];
      this.byteLength = all.length - length;
    }
    return items;
  }

  /** Bytes of what is whole at the beginning. */
  private wholeLength(): number {
    const { type, byteLength } = this;
    if (type === null) return byteLength;
    if (isPlain(type)) return byteLength - (byteLength % elemSize(type));
    if (byteLength < 8) return 0;
    if (this.parts[0]!.length < 8) this.parts = [Buffer.concat(this.parts)];
    const wanted = chunkByteLength(type, this.parts[0]!);
    return wanted <= byteLength ? wanted : 0;
  }
}

/** Items from bytes that are whole. */
function decode(bytes: Uint8Array, type: ValueType | null): Items[] {
  if (type === null) return [Items.units(bytes.length)];
  if (isPlain(type)) return [Items.fromBytes(type, bytes)];
  return [...readChunks(type, bytes)].map((values) => Items.fromValues(type, values));
}
