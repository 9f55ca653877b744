/** Intel HEX: text records with addresses, for flash programmers. */
import library from "#intel-hex";

// The class itself is the default export; its package has it declared as one of a CommonJS file.
const MemoryMap = library as unknown as typeof library.default;

const BYTES_A_RECORD = 16;

/** `image` at `address`, 16 bytes a record. */
export function intelHex(image: Uint8Array, address: number): string {
  return new MemoryMap([[address, Uint8Array.from(image)]]).asHexString(BYTES_A_RECORD) + "\n";
}

/** All records of the file `base`, and `image` at `address`, where `base` must have nothing. */
export function joinIntelHex(base: string, image: Uint8Array, address: number): string {
  const blocks = MemoryMap.fromHex(base);
  blocks.set(address, Uint8Array.from(image));
  return blocks.asHexString(BYTES_A_RECORD) + "\n";
}
