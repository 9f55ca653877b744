/** Text that is put together in a buffer of the guest's, piece by piece. */
// @ts-nocheck: AssemblyScript; asc checks it
import { StreamWriter } from "as-rill/assembly";
import { putDecimal, putHex, putText } from "./put";

/** Bytes of the buffer in front of the text. */
const HEADER: i32 = 4;

/**
 * A view of a buffer as the text in it: the first four bytes say where the text ends, the rest has
 * room for it. It takes no memory of its own, so it may be made anew wherever it is wanted.
 *
 * ```ts
 * const buffer = new StaticArray<u8>(64);
 *
 * TextBuilder.in(buffer).clear().text("0x").hex(address, 8).text("\n").writeTo(output);
 * ```
 * What does not fit is left out, see `putText`; `isCut` says so until `clear`.
 * Heap: none.
 */
@unmanaged
export class TextBuilder {
  /** The end of the text, and in the highest bit whether something was left out. */
  private end: u32;

  /**
   * The text in `buffer`, which is empty as long as nobody has written there.
   * Traps: the buffer has less than four bytes
   */
  static in(buffer: StaticArray<u8>): TextBuilder {
    if (buffer.length < HEADER) unreachable();
    // SAFETY: the object is the buffer, whose first four bytes are its one field.
    return changetype<TextBuilder>(changetype<usize>(buffer));
  }

  /** Bytes of the text. */
  get length(): i32 {
    return <i32>(this.end & 0x7fff_ffff);
  }

  /** Whether something was left out for want of room. */
  get isCut(): bool {
    return this.end >> 31 != 0;
  }

  /** Begins anew. */
  clear(): TextBuilder {
    this.end = 0;
    return this;
  }

  /** Adds `text`. */
  text(text: string): TextBuilder {
    const at = HEADER + this.length;
    const end = putText(this.buffer, at, text);
    return this.ended(end, end - at < String.UTF8.byteLength(text));
  }

  /** Adds a number in decimal. */
  decimal<T>(value: T): TextBuilder {
    const end = putDecimal<T>(this.buffer, HEADER + this.length, value);
    return this.ended(end, end == HEADER + this.length);
  }

  /** Adds the bits of a number in at least `least` hexadecimal digits. */
  hex<T>(value: T, least: i32 = 1): TextBuilder {
    const end = putHex<T>(this.buffer, HEADER + this.length, value, least);
    return this.ended(end, end == HEADER + this.length);
  }

  /**
   * Writes the text and waits until it is taken.
   * @returns whether all of it was; the reader is gone otherwise
   */
  writeTo<Ops>(output: StreamWriter<u8, Ops>): bool {
    const length = this.length;
    for (let from = 0; from < length;) {
      // SAFETY: the text lies behind the header, and `from` is below its length.
      const taken = output.writeFrom(changetype<usize>(this) + <usize>(HEADER + from), length - from);
      if (!taken) return false;
      from += taken;
    }
    return true;
  }

  private get buffer(): StaticArray<u8> {
    // SAFETY: the object is the buffer.
    return changetype<StaticArray<u8>>(changetype<usize>(this));
  }

  private ended(end: i32, isCut: bool): TextBuilder {
    this.end = (<u32>(end - HEADER)) | (this.end & 0x8000_0000) | ((<u32>isCut) << 31);
    return this;
  }
}
