/**
 * Strings that AssemblyScript put into static data: found by their object
 * headers (mmInfo, gcInfo, gcInfo2, rtId, rtSize) in the initial memory image.
 */
import { OPERATION_BYTES } from "../../source/library-layout.js";
import type { CoreModule } from "../../wasm/core-module.js";
import type { PlacedData } from "./static-memory.js";

/** A string in static memory. */
export interface StaticString {
  /** Address of the header. */
  readonly start: number;
  /** Header and text with its padding. */
  readonly byteLength: number;
  readonly text: string;
}

const STRING_ID = 2;
const TRAILING_ZEROS = 64;
/** Beyond this image the search is not worth its time: these are no microcontroller's strings. */
const MAX_IMAGE_BYTES = 1 << 20;

/** The strings in `data`, active segments of one memory of `module`. */
export function findStaticObjects(module: CoreModule, data: readonly PlacedData[]): StaticString[] {
  const image = initialImage(module, data);
  if (!image) return [];
  const { bytes, base } = image;
  const view = new DataView(bytes.buffer);
  const found: StaticString[] = [];
  for (let at = 0; at + OPERATION_BYTES <= bytes.length; at += 4) {
    if (view.getUint32(at + 12, true) !== STRING_ID) continue;
    const blockBytes = view.getUint32(at, true);
    const textBytes = view.getUint32(at + 16, true);
    const rounded = ((16 + textBytes + 4 + 15) & ~15) - 4;
    if (textBytes % 2 !== 0 || blockBytes !== rounded || at + OPERATION_BYTES + textBytes > bytes.length)
      continue;
    const text = new TextDecoder("utf-16le").decode(
      bytes.subarray(at + OPERATION_BYTES, at + OPERATION_BYTES + textBytes),
    );
    found.push({ start: base + at, byteLength: 4 + blockBytes, text });
    at += blockBytes;
  }
  return found;
}

function initialImage(
  module: CoreModule,
  data: readonly PlacedData[],
): { bytes: Uint8Array; base: number } | null {
  const active = data.map(({ entry: { content }, start }) => ({ start, content }));
  if (active.length === 0) return null;
  const base = active.reduce((least, { start }) => Math.min(least, start), Infinity) & ~3;
  const end = active.reduce(
    (most, { start, content }) => Math.max(most, start + content.end - content.start),
    0,
  );
  if (end - base > MAX_IMAGE_BYTES) return null;
  // Linkers leave out trailing zeros: a last object may end behind the last segment.
  const bytes = new Uint8Array(end - base + TRAILING_ZEROS);
  for (const { start, content } of active)
    bytes.set(module.bytes.subarray(content.start, content.end), start - base);
  return { bytes, base };
}
