/** How a guest's strings are encoded. */

/** How a guest's strings stand in its memory. */
export type StringEncoding = "utf8" | "utf16" | "latin1+utf16";

/** The encodings, in the order in which wit-component and the C host number them. */
export const ENCODINGS: readonly StringEncoding[] = ["utf8", "utf16", "latin1+utf16"];

/** The encoding that wit-component's metadata in a core module states; without any, AssemblyScript's. */
export function stringEncodingOf(core: Uint8Array): StringEncoding {
  const marker = "wit-component-encoding";
  const at = Buffer.from(core.buffer, core.byteOffset, core.byteLength).indexOf(marker);
  return (at < 0 ? undefined : ENCODINGS[core[at + marker.length + 1]!]) ?? "utf16";
}
