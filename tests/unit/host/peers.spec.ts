import { BLOCKED, STREAM_READ, STREAM_WRITE, SUBTASK, host } from "../../../spec";

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
@external("[export]spec:host/i", "[stream-new-1]f")
declare function streamNew(): u64;

/** Canonical built-in future.read */
@external("[export]spec:host/i", "[async-lower][future-read-2]f")
declare function futureRead(handle: u32, ptr: usize): u32;

/** Canonical built-in task.return */
@external("[export]spec:host/i", "[task-return]f")
declare function taskReturn(value: u32): void;

/** Canonical built-in waitable.join */
@external("$root", "[waitable-join]")
declare function waitableJoin(handle: u32, set: u32): void;

/** Canonical built-in waitable-set.wait */
@external("$root", "[waitable-set-wait]")
declare function waitableSetWait(set: u32, ptr: usize): u32;

/** Canonical built-in waitable-set.poll */
@external("$root", "[waitable-set-poll]")
declare function waitableSetPoll(set: u32, ptr: usize): u32;

/** An async function without result */
@external("spec:host/board", "[async-lower]wait-for")
declare function waitFor(milliseconds: u32): u32;

/** A function with a result */
@external("spec:host/board", "level")
declare function level(pin: u32): f32;

/** A function without */
@external("spec:host/board", "log")
declare function logText(ptr: usize, length: u32): void;

const SET: u32 = 99;
const COMPLETED: u32 = 0;
const DROPPED: u32 = 1;
const CANCELLED: u32 = 2;
const buffer = new StaticArray<u16>(8);
const told = new StaticArray<u32>(2);

function at(): usize {
  return changetype<usize>(buffer);
}

function wait(): u32 {
  return waitableSetWait(SET, changetype<usize>(told));
}

function poll(): u32 {
  return waitableSetPoll(SET, changetype<usize>(told));
}

/** A stream that the guest makes. @returns its writable end, in the set */
function made(): u32 {
  const writable = u32(streamNew() >> 32);
  waitableJoin(writable, SET);
  return writable;
}

function readTwice(end: u32): void {
  streamRead(end, at(), 1);
  streamRead(end, at(), 1);
}

describe("a writer", () => {
  beforeEach(() => {
    host.reset();
  });

  it("give-drop: a read gets what there is, and then that the writer is gone", () => {
    const end = host.writer<u16>().writeAll([7, 8, 9]).drop().end;
    expect(streamRead(end, at(), 2)).toBe((2 << 4) | COMPLETED);
    expect(buffer[1]).toBe(8);
    expect(streamRead(end, at(), 2)).toBe((1 << 4) | COMPLETED);
    expect(buffer[0]).toBe(9);
    expect(streamRead(end, at(), 2)).toBe(DROPPED);
  });

  it("later: a read blocks, and its event brings the item", () => {
    const end = host.writer<u16>().later(3).write(5).end;
    waitableJoin(end, SET);
    expect(streamRead(end, at(), 1)).toBe(BLOCKED);
    expect(poll()).toBe(0);
    expect(wait()).toBe(STREAM_READ);
    expect(told[0]).toBe(end);
    expect(told[1]).toBe(1 << 4);
    expect(buffer[0]).toBe(5);
  });

  it("later-cancel: nothing has arrived, and the item is still to come", () => {
    const end = host.writer<u16>().later(5).write(5).end;
    expect(streamRead(end, at(), 1)).toBe(BLOCKED);
    expect(streamCancelRead(end)).toBe(CANCELLED);
    expect(streamRead(end, at(), 1)).toBe(1 << 4);
    expect(buffer[0]).toBe(5);
  });

  it("blocks: each read is BLOCKED first", () => {
    host.blocks();
    const end = host.writer<u16>().write(5).end;
    waitableJoin(end, SET);
    expect(streamRead(end, at(), 1)).toBe(BLOCKED);
    expect(wait()).toBe(STREAM_READ);
    expect(buffer[0]).toBe(5);
  });

  it("a future's value has no count", () => {
    const end = host.writer<u32>().write(70_000).end;
    expect(futureRead(end, at())).toBe(COMPLETED);
    expect(load<u32>(at())).toBe(70_000);
  });

  it("an event of another set is not told", () => {
    const end = host.writer<u16>().later(1).write(5).end;
    waitableJoin(end, 98);
    streamRead(end, at(), 1);
    expect(() => {
      wait();
    }).toThrow();
  });

  it("read-blocked then read traps", () => {
    expect(() => {
      readTwice(host.writer<u16>().end);
    }).toThrow();
  });

  it("knows that the guest has dropped its end", () => {
    const writer = host.writer<u16>();
    expect(writer.isGone).toBe(false);
    streamDropReadable(writer.end);
    expect(writer.isGone).toBe(true);
  });
});

describe("a reader", () => {
  beforeEach(() => {
    host.reset();
  });

  it("takes all items of copies of several", () => {
    const reader = host.reader<u16>();
    const end = made();
    buffer[0] = 3;
    buffer[1] = 4;
    expect(streamWrite(end, at(), 2)).toBe(2 << 4);
    expect(streamWrite(end, at(), 1)).toBe(1 << 4);
    expect(reader.items).toStrictEqual([3, 4, 3]);
  });

  it("leaves after as many as it wants", () => {
    const reader = host.reader<u16>(1);
    const end = made();
    expect(streamWrite(end, at(), 2)).toBe(1 << 4);
    expect(streamWrite(end, at(), 1)).toBe(DROPPED);
    expect(reader.length).toBe(1);
  });

  it("blocks: an item is taken as it is when the event comes", () => {
    host.blocks();
    const reader = host.reader<u16>();
    const end = made();
    buffer[0] = 1;
    expect(streamWrite(end, at(), 1)).toBe(BLOCKED);
    buffer[0] = 2;
    expect(wait()).toBe(STREAM_WRITE);
    expect(reader.at(0)).toBe(2);
  });

  it("a string is as it was when it was taken", () => {
    const reader = host.reader<string>();
    const end = made();
    const text = String.UTF16.encode("abc");
    store<usize>(at(), changetype<usize>(text));
    store<u32>(at() + 4, 3);
    streamWrite(end, at(), 1);
    store<u16>(changetype<usize>(text), 0x78);
    expect(reader.at(0)).toBe("abc");
  });

  it("a list of numbers", () => {
    const reader = host.reader<StaticArray<u32>>();
    const end = made();
    const list: StaticArray<u32> = [70_000, 2];
    store<usize>(at(), changetype<usize>(list));
    store<u32>(at() + 4, 2);
    streamWrite(end, at(), 1);
    expect(reader.at(0).length).toBe(2);
    expect(reader.at(0)[0]).toBe(70_000);
  });

  it("two readers read two streams", () => {
    const first = host.reader<u16>();
    const second = host.reader<u16>();
    const one = made();
    const two = made();
    buffer[0] = 2;
    streamWrite(two, at(), 1);
    expect(first.length).toBe(0);
    expect(second.items).toStrictEqual([2]);
    expect(streamWrite(one, at(), 1)).toBe(1 << 4);
  });

  it("an item that there is not throws", () => {
    expect(() => {
      host.reader<u16>().at(0);
    }).toThrow();
  });
});

describe("functions of the host", () => {
  beforeEach(() => {
    host.reset();
  });

  it("an async one returns at once", () => {
    host.returns("wait-for");
    expect(waitFor(10)).toBe(2);
    expect(host.argument(host.lastCall("wait-for"), 0)).toBe(10);
  });

  it("an async one returns after others have had their turns", () => {
    host.returns("wait-for", 4);
    const end = host.writer<u16>().later(2).write(5).end;
    waitableJoin(end, SET);
    const call = waitFor(10) >> 4;
    waitableJoin(call, SET);
    streamRead(end, at(), 1);
    expect(wait()).toBe(STREAM_READ);
    expect(wait()).toBe(SUBTASK);
    expect(told[0]).toBe(call);
    expect(told[1]).toBe(2);
  });

  it("one with a result", () => {
    host.returnsValue<f32>("level", 1.5);
    expect(level(3)).toBe(1.5);
  });

  it("one with a result and no answer throws, one without result does not", () => {
    logText(0, 0);
    expect(() => {
      level(3);
    }).toThrow();
  });

  it("texts that they were given", () => {
    const text = String.UTF16.encode("hi");
    logText(changetype<usize>(text), 2);
    expect(host.text(host.lastCall("log"), 0)).toBe("hi");
  });

  it("what the guest has answered", () => {
    expect(host.hasAnswered()).toBe(false);
    taskReturn(7);
    expect(host.answered<u32>()).toBe(7);
  });
});
