/** Where the bytes of items come from. */

/** Nothing has come yet, and more may. */
export const LATER = "later";

/**
 * Bytes, piece by piece. One that does not wait answers `later`: a `ByteSource<"later">`.
 */
export interface ByteSource<Later extends string = never> {
  /** What messages call it. */
  readonly name: string;
  /** Its length in bytes; null where it is not known before the end. */
  readonly byteLength: number | null;
  /** The next bytes, at most `most`; valid until the next call; null at the end. */
  read(most?: number): Buffer | null | Later;
  /** Gives it up. */
  close(): void;
}
