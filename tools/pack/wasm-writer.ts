/** The few pieces of the binary format that are written anew: numbers, names, vectors, sections. */

/** Unsigned LEB128. */
export function u32(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return Uint8Array.from(bytes);
}

/** A name: its length, then UTF-8. */
export function utf8(name: string): Uint8Array {
  const bytes = Buffer.from(name, "utf8");
  return Buffer.concat([u32(bytes.length), bytes]);
}

/** A vector: the number of entries, then the entries. */
export function vector(entries: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([u32(entries.length), ...entries]);
}

/** A section: its number, its length, its content. */
export function section(id: number, content: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(id), u32(content.length), content]);
}
