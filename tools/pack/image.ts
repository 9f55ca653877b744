/**
 * The image's header and tables; tools/wamr/rill_image.h draws the layout and reads it on the board.
 * All numbers little-endian; the image lies at a multiple of 4.
 */
import { crc32 } from "node:zlib";
import type { BuiltInImport } from "./built-ins.js";

export const IMAGE_MAGIC = 0x4c4c4952;
export const IMAGE_VERSION = 1;
export const HEADER_BYTES = 48;
/** Bytes of a guest's name at most. */
export const NAME_BYTES = 10;
/** Bytes an element at most. */
export const MAX_ELEM_SIZE = 0xfff;
/** Streams and futures of a signature at most. */
export const MAX_TYPES = 4;

const CRC_AT = 12;
const POOL_UNIT = 8;

/** The element type of one stream or future of the function's signature. */
export interface ImageType {
  readonly elemSize: number;
  readonly alignment: number;
  readonly future: boolean;
  /** Whether the element holds strings, lists or handles, which no raw source or sink can give. */
  readonly pointers: boolean;
}

/** What goes into an image. */
export interface ImageContent {
  readonly name: string;
  readonly imports: readonly Pick<BuiltInImport, "builtIn" | "lowered" | "type">[];
  /** Streams and futures of the parameters first, then those of the result. */
  readonly types: readonly ImageType[];
  readonly paramCount: number;
  /** The minified module. */
  readonly module: Uint8Array;
  readonly needs: ImageNeeds;
  /** The board's name; null for any. */
  readonly board: string | null;
  /** Flash address; null for any. */
  readonly address: number | null;
}

/** What a firmware must give. Bytes, except `frames`. */
export interface ImageNeeds {
  readonly pool: number;
  readonly stack: number;
  readonly arena: number;
  readonly frames: number;
  readonly memory: number;
}

/** The number by which a header names a board. */
export function boardId(name: string): number {
  return crc32(Buffer.from(name, "latin1"));
}

/** Writes the whole image. */
export function writeImage(content: ImageContent): Uint8Array {
  const tables = writeTables(content);
  const moduleOffset = Math.ceil((HEADER_BYTES + tables.length) / 4) * 4;
  const image = Buffer.alloc(moduleOffset + content.module.length);
  const { needs } = content;
  image.writeUInt32LE(IMAGE_MAGIC, 0);
  image.writeUInt8(IMAGE_VERSION, 4);
  image.writeUInt8(HEADER_BYTES / 4, 5);
  image.writeUInt8(needs.frames, 6);
  image.writeUInt8(content.imports.length, 7);
  image.writeUInt32LE(image.length, 8);
  image.write(content.name.slice(0, NAME_BYTES), 16, "latin1");
  image.writeUInt8(content.types.length, 26);
  image.writeUInt8(content.paramCount, 27);
  image.writeUInt32LE(crc32(tables), 28);
  image.writeUInt32LE(content.board === null ? 0 : boardId(content.board), 32);
  image.writeUInt32LE(content.address ?? 0, 36);
  image.writeUInt16LE(Math.ceil(needs.pool / POOL_UNIT), 40);
  image.writeUInt16LE(needs.stack, 42);
  image.writeUInt16LE(needs.arena, 44);
  image.writeUInt16LE(needs.memory, 46);
  tables.copy(image, HEADER_BYTES);
  image.set(content.module, moduleOffset);
  sealImage(image);
  return image;
}

/** Writes the CRC of an image whose other bytes are final. */
export function sealImage(image: Buffer): void {
  image.writeUInt32LE(crc32(image.subarray(CRC_AT + 4), crc32(image.subarray(0, CRC_AT))), CRC_AT);
}

function writeTables({ imports, types }: ImageContent): Buffer {
  const tables = Buffer.alloc(imports.length + 2 * types.length);
  imports.forEach(({ builtIn, lowered, type }, index) => {
    tables.writeUInt8(builtIn | (lowered ? 0x20 : 0) | (type << 6), index);
  });
  types.forEach(({ elemSize, alignment, future, pointers }, index) => {
    const flags = (future ? 0x4000 : 0) | (pointers ? 0x8000 : 0);
    tables.writeUInt16LE(elemSize | (Math.log2(alignment) << 12) | flags, imports.length + 2 * index);
  });
  return tables;
}
