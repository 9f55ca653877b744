/** A table of places for the states of a resource. */
import { Place, takePlace } from "../../assembly";

/** A state of one field. */
@unmanaged
class State extends Place {
  level: u32;
}

const PLACES = 2;
/** One place more than the table has: it is somebody else's. */
const TABLE: usize = memory.data(24, 4);

/** Takes a place of the table, which is expected to have one. */
function taken(): State {
  return takePlace<State>(TABLE, PLACES)!;
}

describe("places of states", () => {
  beforeEach(() => {
    memory.fill(TABLE, 0, 24);
  });

  it("one after the other, marked with 1, and null behind the last", () => {
    for (let i = 0; i < PLACES; i++) {
      const state = taken();
      expect(changetype<usize>(state)).toBe(TABLE + <usize>i * offsetof<State>());
      expect(state.taken).toBe(1);
    }
    expect(takePlace<State>(TABLE, PLACES) === null).toBe(true);
  });

  it("a place is free again after its release", () => {
    const first = taken();
    taken();
    first.release();
    expect(changetype<usize>(taken())).toBe(TABLE);
  });
});
