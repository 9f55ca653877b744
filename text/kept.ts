/**
 * Strings that outlive the call which brought them: copies in a static table, such as the names of a
 * guest's resources.
 *
 * ```ts
 * const MOST = 8;
 * const NAMES = new StaticArray<u8>(MOST * 64); // 64 bytes for each: up to 30 units of UTF-16
 *
 * keepText(NAMES, 64, index, name);
 * return keptText(NAMES, 64, index);
 * ```
 */
// @ts-nocheck: AssemblyScript; asc checks it

/** Bytes in front of the characters: their length, where AssemblyScript looks for it. */
const HEADER: u32 = 4;

/**
 * Keeps a copy of `text` in entry `index` of a table; what has no room is left out.
 * @param each bytes of an entry: 4, and 2 for each unit of UTF-16; a multiple of 4
 * @returns whether there was room for all of it
 * Traps: the table has no such entry; `each` is no such number
 * Heap: none
 */
export function keepText(table: StaticArray<u8>, each: i32, index: i32, text: string): bool {
  const entry = entryOf(table, each, index);
  const room = <u32>each - HEADER;
  const byteLength = min((<u32>text.length) << 1, room);
  // SAFETY: the entry lies in the table, and the text in it is no longer than its room.
  store<u32>(entry, byteLength);
  // SAFETY: as above; the text has as many bytes.
  memory.copy(entry + HEADER, changetype<usize>(text), byteLength);
  return (<u32>text.length) << 1 <= room;
}

/**
 * The text in entry `index`: a string that is valid until the next `keepText` there.
 * Traps: as `keepText`
 * Heap: none
 */
export function keptText(table: StaticArray<u8>, each: i32, index: i32): string {
  // SAFETY: the characters lie behind their byte length, as AssemblyScript has its strings; no entry was
  // written with a length that it has no room for, and one that nobody has written is empty.
  return changetype<string>(entryOf(table, each, index) + HEADER);
}

function entryOf(table: StaticArray<u8>, each: i32, index: i32): usize {
  if (<u32>each < HEADER || each & 3) unreachable();
  if (<u32>index >= <u32>table.length / <u32>each) unreachable();
  // SAFETY: the entry was just seen to lie in the table.
  return changetype<usize>(table) + <usize>index * <usize>each;
}
