/**
 * The image's header and tables; c/parts/rill_image.h draws the layout and reads it on the board.
 * All numbers little-endian; the image lies at a multiple of 4.
 */
import { crc32 } from "node:zlib";
import { NO_TYPE, type TypeDescriptor } from "../c-host/copy-plan.js";
import type { ImportDescriptor } from "../c-host/descriptor.js";

/** The first bytes of an image. */
export const IMAGE_MAGIC = 0x4c4c4952;
/** The version of the format that is written, where streams are all that a guest passes. */
export const IMAGE_VERSION = 1;
/** The version of images of machine code: bit 7, and the version of c/native/rill_image_code.h. */
export const NATIVE_VERSION = 0x81;
/** Bytes of the header. */
export const HEADER_BYTES = 48;
/** Bytes of the header of machine code. */
export const NATIVE_HEADER_BYTES = 52;
/** The version for all other guests. */
export const FUNCTIONS_VERSION = 2;
/** Bytes of its header. */
export const FUNCTIONS_HEADER_BYTES = 56;
/** The same where the host holds ends for the guest. */
export const ENDS_HEADER_BYTES = 60;
/** Bytes of a guest's name at most. */
export const NAME_BYTES = 8;
/** Bytes an element at most. */
export const MAX_ELEM_SIZE = 0x7ff;
/** Element types of a guest at most. */
export const MAX_TYPES = 4;
/** What an image calls its imports' module. */
export const IMPORT_MODULE = "";
/** What an image calls the export that starts the task. */
export const ENTRY_EXPORT = "r";
/** What an image calls the export that takes events. */
export const CALLBACK_EXPORT = "c";
/** What an image calls the export that takes the result of a sync entry back. */
export const POST_RETURN_EXPORT = "p";
/** Stream parameters that can be piped: the first so many. */
export const MAX_PIPED = 15;
/** Imports that an image has at most: one letter each. */
export const MAX_IMPORTS = 52;

const CRC_AT = 12;
const POOL_UNIT = 8;
const FUTURE = 0x10;
const ASYNC = 0x20;
const NUMBER = 0x800;
const FUTURE_STREAM = 0x80;
const VALUES_STREAM = 0x40;
const NONE = 0x4000;
const SYNC_ENTRY = 1;
const VALUE_ENTRY = 2;
const ARENA_ENTRY = 4;
const CALLBACK_ENTRY = 8;
const PIPED_SHIFT = 4;
/** `builtin` of an imported function; those behind it are built-ins on tasks. */
const CALL = 15;
const TASK_RETURN = 14;

/** What goes into an image. */
export interface ImageContent {
  readonly name: string;
  readonly imports: readonly Pick<ImportDescriptor, "builtin" | "type" | "async" | "future">[];
  /** The distinct element types; NO_TYPE among them where a stream has none. */
  readonly types: readonly TypeDescriptor[];
  /** Element type of each stream: the parameters first, then the result. */
  readonly streams: readonly number[];
  readonly paramCount: number;
  /** The minified module, or machine code. */
  readonly module: Uint8Array;
  /** Of machine code: the core's name. */
  readonly cpu?: string;
  readonly needs: ImageNeeds;
  /** The board's name; null for any. */
  readonly board: string | null;
  /** Flash address; null for any. */
  readonly address: number | null;
  /** What makes it an image of version 2; null for version 1. */
  readonly functions?: ImageFunctions | null;
}

/** How a function is called in an image of version 2. */
export interface ImageEntry {
  /** Of each of its streams. */
  readonly futures: readonly boolean[];
  /** Of each of its streams: the items hold strings or lists. */
  readonly values: readonly boolean[];
  /** Of each parameter among the streams: the word of the function's parameters that is its handle. */
  readonly places: readonly number[];
  /** 32-bit words of the function's parameters. */
  readonly words: number;
  readonly isSync: boolean;
  /** The function goes back to its host while it waits. */
  readonly isCallback: boolean;
  readonly answersValue: boolean;
  /** The guest leaves at address 0 how many bytes its arena lacks, when it traps for that. */
  readonly hasArena: boolean;
}

/** What an image of version 2 has on top. */
export interface ImageFunctions extends ImageEntry {
  /** Functions that can be called beside the first, with the element types of their streams. */
  readonly further?: readonly (ImageEntry & { readonly streams: readonly number[] })[];
  readonly handles: number;
  /** Calls of imported async functions that go on at once at most. */
  readonly calls: number;
  /** Streams and futures, beside those of the entry, that the guest's host holds at once at most. */
  readonly ends: number;
  /** The stream parameter that gets the stream of the image in front of this one; null for none. */
  readonly piped: number | null;
  /** For each import its row: null where its built-in says all. */
  readonly rows: readonly (ImageRow | null)[];
}

/** An imported function, or task.return of a value. */
export interface ImageRow {
  /** Of task.return the number of the function that it is of: 0 is the first. */
  readonly hash: number;
  /** Of core values, as the interpreter writes it. */
  readonly signature: string;
}

/** What a firmware must give. Bytes, except `frames`. */
export interface ImageNeeds {
  readonly pool: number;
  readonly stack: number;
  readonly arena: number;
  readonly frames: number;
  readonly memory: number;
}

/** The name of import number `index` in an image: A-Z, a-z. */
export function importLetter(index: number): string {
  return String.fromCharCode(index < 26 ? 65 + index : 97 + index - 26);
}

/** The name of an export of function number `entry`: what it is called for the first, and a letter. */
export function exportLetter(name: string, entry: number): string {
  return entry === 0 ? name : `${name}${importLetter(entry - 1)}`;
}

/** The number by which a header names a board, or a core. */
export function boardId(name: string): number {
  return crc32(Buffer.from(name, "latin1"));
}

/** Writes the whole image. */
export function writeImage(content: ImageContent): Uint8Array {
  const plans = content.types.flatMap(({ plan }) => plan);
  const { functions = null, cpu } = content;
  const tables = Buffer.concat([
    writeTables(content, plans),
    ...(functions === null ? [] : writeFunctions(functions)),
  ]);
  const [version, headerBytes] =
    cpu !== undefined
      ? [NATIVE_VERSION, NATIVE_HEADER_BYTES]
      : functions === null
        ? [IMAGE_VERSION, HEADER_BYTES]
        : [FUNCTIONS_VERSION, functions.ends > 0 ? ENDS_HEADER_BYTES : FUNCTIONS_HEADER_BYTES];
  const moduleOffset = headerBytes + tables.length;
  const image = Buffer.alloc(moduleOffset + content.module.length);
  const { needs } = content;
  image.writeUInt32LE(IMAGE_MAGIC, 0);
  image.writeUInt8(version, 4);
  image.writeUInt8(headerBytes / 4, 5);
  image.writeUInt8(needs.frames, 6);
  image.writeUInt8(content.imports.length, 7);
  image.writeUInt32LE(image.length, 8);
  image.write(content.name.slice(0, NAME_BYTES), 16, "latin1");
  image.writeUInt8(content.streams.length, 24);
  image.writeUInt8(content.paramCount, 25);
  image.writeUInt8(content.types.length, 26);
  image.writeUInt8(plans.length, 27);
  image.writeUInt32LE(crc32(tables), 28);
  image.writeUInt32LE(content.board === null ? 0 : boardId(content.board), 32);
  image.writeUInt32LE(content.address ?? 0, 36);
  image.writeUInt16LE(Math.ceil(needs.pool / POOL_UNIT), 40);
  image.writeUInt16LE(needs.stack, 42);
  image.writeUInt16LE(needs.arena, 44);
  image.writeUInt16LE(needs.memory, 46);
  if (cpu !== undefined) image.writeUInt32LE(boardId(cpu), 48);
  if (functions !== null) writeEntry(image, functions);
  tables.copy(image, headerBytes);
  image.set(content.module, moduleOffset);
  sealImage(image);
  return image;
}

/** An import's entry in the import table: what it is. */
export function importEntry({ builtin, async, future, type }: ImageContent["imports"][number]): number {
  const asynchronous = async ? ASYNC : 0;
  if (builtin > CALL) {
    const number = builtin - CALL - 1;
    return CALL | (((number % 3) + 1) << 6) | (number >= 3 ? FUTURE : 0) | asynchronous;
  }
  return builtin | (future ? FUTURE : 0) | asynchronous | (Math.max(type, 0) << 6);
}

/** Writes the CRC of an image whose other bytes are final. */
export function sealImage(image: Buffer): void {
  image.writeUInt32LE(crc32(image.subarray(CRC_AT + 4), crc32(image.subarray(0, CRC_AT))), CRC_AT);
}

/** The header's part that only version 2 has. */
function writeEntry(image: Buffer, functions: ImageFunctions): void {
  const { words, handles, calls, ends, piped, further = [] } = functions;
  image.writeUInt16LE(byteLength(writeFunctions(functions)), 48);
  image.writeUInt8(entryFlags(functions) | (piped === null ? 0 : (piped + 1) << PIPED_SHIFT), 50);
  image.writeUInt8(words, 51);
  image.writeUInt8(handles, 52);
  image.writeUInt8(calls, 53);
  image.writeUInt8(further.length, 54);
  image.writeUInt8(byteLength(further.map(writeRecord)) / 4, 55);
  if (ends > 0) image.writeUInt8(ends, 56);
}

function byteLength(parts: readonly Buffer[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

/** How an entry is called: RILL_ENTRY_* of c/parts/rill_image.h. */
export function entryFlags({
  isSync,
  isCallback,
  answersValue,
  hasArena,
}: Pick<ImageEntry, "isSync" | "isCallback" | "answersValue" | "hasArena">): number {
  return (
    (isSync ? SYNC_ENTRY : 0) |
    (answersValue ? VALUE_ENTRY : 0) |
    (hasArena ? ARENA_ENTRY : 0) |
    (isCallback ? CALLBACK_ENTRY : 0)
  );
}

/** The record of a further function. */
function writeRecord(entry: ImageEntry & { readonly streams: readonly number[] }): Buffer {
  const { streams, places, words } = entry;
  return padded(
    Buffer.from([
      ...[streams.length, places.length, entryFlags(entry), words],
      ...streams.map((type, index) => streamEntry(type, index, entry)),
      ...places,
    ]),
  );
}

function streamEntry(type: number, index: number, entry: ImageEntry | null): number {
  const future = entry?.futures[index] === true ? FUTURE_STREAM : 0;
  return type | future | (entry?.values[index] === true ? VALUES_STREAM : 0);
}

/** The table of functions: places of handles, then the rows, then the records of further functions. */
function writeFunctions({ places, rows, further = [] }: ImageFunctions): Buffer[] {
  return [
    padded(Buffer.from(places)),
    ...rows.flatMap((row) => {
      if (row === null) return [];
      const hash = Buffer.alloc(4);
      hash.writeUInt32LE(row.hash);
      return padded(Buffer.concat([hash, Buffer.from(`${row.signature}\0`, "latin1")]));
    }),
    ...further.map(writeRecord),
  ];
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}

/** Import, stream and type tables and copy plans, padded to 4. */
function writeTables({ imports, types, streams, functions }: ImageContent, plans: readonly number[]): Buffer {
  const typesAt = Math.ceil((imports.length + streams.length) / 4) * 4;
  const plansAt = typesAt + 4 * types.length;
  const tables = Buffer.alloc(Math.ceil((plansAt + 2 * plans.length) / 4) * 4);
  imports.forEach((item, index) => {
    const hasRow = (functions?.rows[index] ?? null) !== null;
    const future = item.future || (hasRow && item.builtin === TASK_RETURN);
    tables.writeUInt8(importEntry({ ...item, future }), index);
  });
  streams.forEach((type, index) => {
    tables.writeUInt8(streamEntry(type, index, functions ?? null), imports.length + index);
  });
  let start = 0;
  types.forEach((type, index) => {
    const { elemSize, alignment, isNumber, plan } = type;
    const bits =
      elemSize | (isNumber ? NUMBER : 0) | (Math.log2(alignment) << 12) | (type === NO_TYPE ? NONE : 0);
    tables.writeUInt16LE(bits, typesAt + 4 * index);
    tables.writeUInt16LE(start, typesAt + 4 * index + 2);
    start += plan.length;
  });
  plans.forEach((word, index) => tables.writeUInt16LE(word, plansAt + 2 * index));
  return tables;
}
