/** A table of places for calls side by side. */
import { CALL_PLACES } from "../../assembly";
import { leaveCall, takeCall } from "../../assembly/task/call-places";

/** Bytes of a place: more than what the library writes to. */
const STRIDE: usize = 32;
/** One place more than the table has: it is somebody else's. */
const TABLE: usize = memory.data(160, 8);

/** Takes every place, one after the other. */
function takeAll(): void {
  for (let i = 0; i < CALL_PLACES; i++) expect(takeCall(TABLE, STRIDE)).toBe(TABLE + <usize>i * STRIDE);
}

describe("places of calls", () => {
  beforeEach(() => {
    memory.fill(TABLE, 0, 160);
  });

  it("four when the build says nothing, one after the other; the next one traps", () => {
    expect(CALL_PLACES).toBe(4);
    takeAll();
    expect(() => {
      takeCall(TABLE, STRIDE);
    }).toThrow("all are taken");
  });

  it("a place that is taken says so in its word at 20, and a subtask's five in front are left alone", () => {
    takeAll();
    for (let i: usize = 0; i < 4; i++) {
      expect(load<u32>(TABLE + i * STRIDE, 20)).toBe(1);
      expect(load<u32>(TABLE + i * STRIDE, 16)).toBe(0);
      expect(load<u32>(TABLE + i * STRIDE, 24)).toBe(0);
    }
  });

  it("take-leave-take: the one that was given back", () => {
    takeAll();
    leaveCall(TABLE + STRIDE);
    expect(load<u32>(TABLE + STRIDE, 20)).toBe(0);
    expect(takeCall(TABLE, STRIDE)).toBe(TABLE + STRIDE);
  });
});
