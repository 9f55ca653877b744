/**
 * Where the checking build keeps what WebAssembly hides: the locals of every
 * function that is in a canonical call.
 *
 *     offset  bytes  word
 *      0      4      site of the call that is being made
 *      4      4      end of the frames below, an address
 *      8      8      unused
 *     16      ...    one frame for each function on the stack: its site (8), then each local (8)
 *
 * The area is one page behind the guest's own memory, which the guest cannot tell: it
 * has neither memory.size nor memory.grow.
 */

/** Bytes in a page of linear memory. */
export const PAGE_BYTES = 65_536;
/** Offset of the first frame. */
export const FIRST_FRAME = 16;
/** Bytes in front of a frame's locals. */
export const FRAME_HEAD = 8;
/** Bytes that one local takes. */
export const LOCAL_BYTES = 8;

/** First address that the build gives out: below it lies nothing. */
export const FIRST_ADDRESS = 4;
