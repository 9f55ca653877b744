/** From one stream of bytes to another. */
// @ts-nocheck: AssemblyScript; asc checks it
import { StreamReader, StreamWriter } from "as-rill/assembly";

/** Bytes that are copied at once. */
const LENGTH = 65536;

/** Where they are in between. */
@lazy
const BUFFER: usize = memory.data(65536);

/**
 * Copies what comes until there is no more, or nobody takes it; both ends stay open.
 * @returns whether all of it was taken
 * Heap: none
 */
export function copy<In, Out>(input: StreamReader<u8, In>, output: StreamWriter<u8, Out>): bool {
  for (let length = input.readInto(BUFFER, LENGTH); length; length = input.readInto(BUFFER, LENGTH)) {
    for (let from = 0; from < length;) {
      // SAFETY: `length` bytes of the buffer are filled, and `from` is below that.
      const taken = output.writeFrom(BUFFER + from, length - from);
      if (!taken) return false;
      from += taken;
    }
  }
  return true;
}
