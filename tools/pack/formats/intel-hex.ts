/** Intel HEX: text records with addresses, for flash programmers. */
import library from "nrf-intel-hex";

// The package declares an ES module's default export, but Node loads its CommonJS file, whose export is the class itself.
const MemoryMap = library as unknown as typeof library.default;

/** `image` at `address`, 16 bytes a record. */
export function intelHex(image: Uint8Array, address: number): string {
  return new MemoryMap([[address, Uint8Array.from(image)]]).asHexString(16) + "\n";
}
