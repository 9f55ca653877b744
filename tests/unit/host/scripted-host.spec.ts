import { FUTURE_WRITE, STREAM_READ, STREAM_WRITE, host } from "../../../spec";

/** Canonical built-in stream.read */
@external("[export]spec:host/i", "[async-lower][stream-read-0]f")
declare function streamRead(handle: u32, ptr: usize, length: u32): u32;

/** Canonical built-in stream.write */
@external("[export]spec:host/i", "[async-lower][stream-write-1]f")
declare function streamWrite(handle: u32, ptr: usize, length: u32): u32;

/** Canonical built-in stream.cancel-read */
@external("[export]spec:host/i", "[stream-cancel-read-0]f")
declare function streamCancelRead(handle: u32): u32;

/** Canonical built-in stream.drop-readable */
@external("[export]spec:host/i", "[stream-drop-readable-0]f")
declare function streamDropReadable(handle: u32): void;

/** Canonical built-in stream.new */
@external("[export]spec:host/i", "[stream-new-0]f")
declare function streamNew(): u64;

/** Canonical built-in future.write */
@external("[export]spec:host/i", "[async-lower][future-write-2]f")
declare function futureWrite(handle: u32, ptr: usize): u32;

/** Canonical built-in waitable-set.wait */
@external("$root", "[waitable-set-wait]")
declare function waitableSetWait(set: u32, ptr: usize): u32;

/** Canonical built-in waitable-set.poll */
@external("$root", "[waitable-set-poll]")
declare function waitableSetPoll(set: u32, ptr: usize): u32;

const BLOCKED: u32 = 0xffff_ffff;
const slot = new StaticArray<u32>(1);
const event = new StaticArray<u32>(2);

function slotAddress(): usize {
  return changetype<usize>(slot);
}

function wait(): u32 {
  return waitableSetWait(9, changetype<usize>(event));
}

describe("the scripted host", () => {
  beforeEach(() => {
    host.reset();
    slot[0] = 0;
  });

  it("read-completed: the item is there with the answer", () => {
    host.answers("stream.read", 16);
    host.brings<u32>(41);
    expect(streamRead(1, slotAddress(), 1)).toBe(16);
    expect(slot[0]).toBe(41);
    expect(host.calls()).toBe("stream.read");
    expect(host.argument(0, 2)).toBe(1);
    expect(host.unused()).toBe(0);
  });

  it("read-blocked then event: the item is there with the event, not before", () => {
    host.answers("stream.read", BLOCKED);
    host.event(STREAM_READ, 1, 16);
    host.brings<u32>(41);
    expect(streamRead(1, slotAddress(), 1)).toBe(BLOCKED);
    expect(slot[0]).toBe(0);
    expect(wait()).toBe(STREAM_READ);
    expect(event[0]).toBe(1);
    expect(event[1]).toBe(16);
    expect(slot[0]).toBe(41);
  });

  it("write-blocked then event: the item is taken as it is when the event comes", () => {
    host.answers("stream.write", BLOCKED);
    host.event(STREAM_WRITE, 2, 16);
    slot[0] = 1;
    streamWrite(2, slotAddress(), 1);
    expect(host.takenCount()).toBe(0);
    slot[0] = 2;
    wait();
    expect(host.taken<u32>(0)).toBe(2);
  });

  it("read-blocked then cancel with progress: the item arrives with the cancel", () => {
    host.answers("stream.read", BLOCKED);
    host.answers("stream.cancel-read", 16 | 2);
    host.brings<u32>(5);
    streamRead(1, slotAddress(), 1);
    expect(streamCancelRead(1)).toBe(18);
    expect(slot[0]).toBe(5);
  });

  it("future-write completes: the item is taken although the payload counts none", () => {
    host.answers("future.write", BLOCKED);
    host.event(FUTURE_WRITE, 3, 0);
    slot[0] = 8;
    futureWrite(3, slotAddress());
    wait();
    expect(host.taken<u32>(0)).toBe(8);
  });

  it("new: handles are numbered from 1", () => {
    expect(streamNew()).toBe((2 << 32) | 1);
  });

  it("poll without an event: no event", () => {
    expect(waitableSetPoll(9, changetype<usize>(event))).toBe(0);
  });

  it("a call without an answer throws", () => {
    expect(() => {
      streamRead(1, slotAddress(), 1);
    }).toThrow();
  });

  it("a wait without an event throws", () => {
    expect(() => {
      wait();
    }).toThrow();
  });

  it("read-blocked then read traps", () => {
    host.answers("stream.read", BLOCKED);
    host.answers("stream.read", 16);
    streamRead(1, slotAddress(), 1);
    expect(() => {
      streamRead(1, slotAddress(), 1);
    }).toThrow();
  });

  it("read-blocked then drop traps", () => {
    host.answers("stream.read", BLOCKED);
    streamRead(1, slotAddress(), 1);
    expect(() => {
      streamDropReadable(1);
    }).toThrow();
  });

  it("read-dropped then read traps", () => {
    host.answers("stream.read", 1);
    host.answers("stream.read", 16);
    streamRead(1, slotAddress(), 1);
    expect(() => {
      streamRead(1, slotAddress(), 1);
    }).toThrow();
  });

  it("cancel without a copy in flight traps", () => {
    host.answers("stream.cancel-read", 2);
    expect(() => {
      streamCancelRead(1);
    }).toThrow();
  });

  it("drop then drop traps", () => {
    streamDropReadable(1);
    expect(() => {
      streamDropReadable(1);
    }).toThrow();
  });
});
