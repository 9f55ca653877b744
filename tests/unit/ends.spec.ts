/** Places for the ends of streams that come in values. */
import { END_PLACES, StreamReader, freeEnd } from "../../assembly";
import { host } from "../../spec";
import { ReadOps } from "./operations";

const STRIDE: usize = 32;
/** One place more than the table has: it is somebody else's. */
const TABLE: usize = memory.data(160, 8);

/** Opens the first free place for `handle`. */
function opened(handle: u32): StreamReader<u32, ReadOps> {
  const reader = changetype<StreamReader<u32, ReadOps>>(freeEnd(TABLE, STRIDE));
  reader.open(handle);
  return reader;
}

describe("places of ends", () => {
  beforeEach(() => {
    host.reset();
    memory.fill(TABLE, 0, 160);
  });

  it("one after the other, slots aligned to 8", () => {
    for (let i = 0; i < END_PLACES; i++) {
      const at = changetype<usize>(opened(i + 1));
      expect(at).toBe(TABLE + <usize>i * STRIDE + 4);
      expect((at + 20) % 8).toBe(0);
    }
  });

  it("a place is free again after its reader's drop", () => {
    opened(1);
    const second = opened(2);
    opened(3);
    second.drop();
    expect(changetype<usize>(opened(4))).toBe(changetype<usize>(second));
  });

  it("more than there are places, four unless the build says otherwise: traps", () => {
    expect(END_PLACES).toBe(4);
    for (let i = 0; i < END_PLACES; i++) opened(i + 1);
    expect(() => {
      freeEnd(TABLE, STRIDE);
    }).toThrow();
  });
});
