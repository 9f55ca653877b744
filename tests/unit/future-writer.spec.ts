/**
 * A future's writer: written, started, polled, cancelled, dropped; and what
 * becomes of one that nothing was written to.
 */
import { BLOCKED } from "../../assembly/abi/copy-result";
import { FUTURE_WRITE, host } from "../../spec";
import { FUTURE_WRITER, futureWriter, openFutureWriter } from "./futures";

const COMPLETED: u32 = 0;
const DROPPED: u32 = 1;
const CANCELLED: u32 = 2;

let seen: i32 = 0;

/** Forgets the calls so far. */
function mark(): void {
  seen = host.calls().length;
}

/** The calls since `mark`. */
function since(): string {
  return host.calls().slice(seen).trim();
}

describe("a future's writer", () => {
  beforeEach(() => {
    host.reset();
    mark();
  });

  it("write-completed: taken, one call; then the end is dropped", () => {
    const writer = openFutureWriter();
    host.answers("future.write", COMPLETED);
    mark();
    expect(writer.write(42)).toBe(true);
    expect(writer.done).toBe(true);
    expect(writer.taken).toBe(true);
    writer.close();
    expect(since()).toBe("future.write future.drop-writable");
    expect(host.taken<u32>(0)).toBe(42);
  });

  it("write-blocked-event: waits until the reader has it", () => {
    const writer = openFutureWriter();
    host.answers("future.write", BLOCKED);
    host.event(FUTURE_WRITE, FUTURE_WRITER, COMPLETED);
    mark();
    expect(writer.write(43)).toBe(true);
    expect(since()).toBe("future.write waitable-set.wait");
    expect(host.taken<u32>(0)).toBe(43);
  });

  it("write-dropped: false; a second write is false and asks nothing", () => {
    const writer = openFutureWriter();
    host.answers("future.write", DROPPED);
    mark();
    expect(writer.write(1)).toBe(false);
    expect(writer.write(2)).toBe(false);
    expect(writer.taken).toBe(false);
    writer.close();
    expect(since()).toBe("future.write future.drop-writable");
    expect(host.takenCount()).toBe(0);
  });

  it("write-dropped, start: nothing begins, and nothing was taken", () => {
    const writer = openFutureWriter();
    host.answers("future.write", DROPPED);
    writer.write(1);
    mark();
    expect(writer.start(2)).toBe(true);
    expect(writer.taken).toBe(false);
    expect(since()).toBe("");
  });

  it("start-write without a value: true when what was on its way was taken; the next future is written", () => {
    const writer = openFutureWriter();
    host.answers("future.write", BLOCKED);
    writer.start(5);
    host.event(FUTURE_WRITE, FUTURE_WRITER, COMPLETED);
    mark();
    expect(writer.write()).toBe(true);
    expect(since()).toBe("waitable-set.wait");
    const next = futureWriter();
    next.open(FUTURE_WRITER + 1);
    host.answers("future.write", COMPLETED);
    mark();
    expect(next.write(6)).toBe(true);
    expect(since()).toBe("future.write");
    expect(host.taken<u32>(host.takenCount() - 1)).toBe(6);
  });

  it("start-taken-write without a value: traps, for a future has one value", () => {
    expect(() => {
      const writer = openFutureWriter();
      host.answers("future.write", COMPLETED);
      writer.start(5);
      writer.write();
    }).toThrow();
  });

  it("start without a value writes what the slot holds", () => {
    const writer = openFutureWriter();
    writer.array[0] = 4;
    host.answers("future.write", COMPLETED);
    expect(writer.start()).toBe(true);
    expect(host.taken<u32>(0)).toBe(4);
  });

  it("write-write: traps, for a future has one value", () => {
    expect(() => {
      const writer = openFutureWriter();
      host.answers("future.write", COMPLETED);
      writer.write(1);
      writer.write(2);
    }).toThrow();
  });

  it("value: what the slot holds; traps while the host has it", () => {
    const writer = openFutureWriter();
    writer.preset(9);
    expect(writer.value).toBe(9);
    host.answers("future.write", BLOCKED);
    writer.start(10);
    expect(() => {
      futureWriter().value;
    }).toThrow();
  });

  it("start-blocked-write: waits; the reader is gone, so there is nothing to write any more", () => {
    const writer = openFutureWriter();
    host.answers("future.write", BLOCKED);
    writer.start(1);
    host.event(FUTURE_WRITE, FUTURE_WRITER, DROPPED);
    mark();
    expect(writer.write(2)).toBe(false);
    expect(since()).toBe("waitable-set.wait");
    expect(writer.done).toBe(true);
  });

  it("write without a value: what the slot holds", () => {
    const writer = openFutureWriter();
    store<u32>(changetype<usize>(writer), 77, 20);
    host.answers("future.write", COMPLETED);
    expect(writer.write()).toBe(true);
    expect(host.taken<u32>(0)).toBe(77);
  });

  it("close unwritten: the host traps", () => {
    expect(() => {
      openFutureWriter().close();
    }).toThrow();
  });

  it("preset-close: the preset value is written and waited for", () => {
    const writer = openFutureWriter();
    writer.preset(5);
    host.answers("future.write", BLOCKED);
    host.event(FUTURE_WRITE, FUTURE_WRITER, COMPLETED);
    mark();
    writer.close();
    expect(since()).toBe("future.write waitable-set.wait future.drop-writable");
    expect(host.taken<u32>(0)).toBe(5);
  });

  it("preset-close, the reader gone: dropped all the same", () => {
    const writer = openFutureWriter();
    writer.preset(5);
    host.answers("future.write", DROPPED);
    mark();
    writer.close();
    expect(since()).toBe("future.write future.drop-writable");
  });

  it("preset-write-close: the value written is the one, and written once", () => {
    const writer = openFutureWriter();
    writer.preset(5);
    host.answers("future.write", COMPLETED);
    mark();
    expect(writer.write(6)).toBe(true);
    writer.close();
    expect(since()).toBe("future.write future.drop-writable");
    expect(host.taken<u32>(0)).toBe(6);
  });

  it("start-blocked-poll: false until the event is there", () => {
    const writer = openFutureWriter();
    host.answers("future.write", BLOCKED);
    mark();
    expect(writer.start(9)).toBe(false);
    expect(writer.poll()).toBe(false);
    expect(writer.taken).toBe(false);
    host.event(FUTURE_WRITE, FUTURE_WRITER, COMPLETED);
    expect(writer.poll()).toBe(true);
    expect(writer.taken).toBe(true);
    expect(writer.done).toBe(true);
    expect(since()).toBe("future.write waitable-set.poll waitable-set.poll");
  });

  it("start-start in flight: traps", () => {
    expect(() => {
      const writer = openFutureWriter();
      host.answers("future.write", BLOCKED);
      writer.start(1);
      writer.start(2);
    }).toThrow();
  });

  it("preset in flight: traps", () => {
    expect(() => {
      const writer = openFutureWriter();
      host.answers("future.write", BLOCKED);
      writer.start(1);
      writer.preset(2);
    }).toThrow();
  });

  it("cancel-cancelled-write: not taken, and to be written again", () => {
    const writer = openFutureWriter();
    host.answers("future.write", BLOCKED);
    writer.start(1);
    host.answers("future.cancel-write", CANCELLED);
    mark();
    expect(writer.cancel()).toBe(false);
    expect(since()).toBe("waitable.join future.cancel-write waitable.join");
    expect(writer.done).toBe(false);
    host.answers("future.write", COMPLETED);
    expect(writer.write(2)).toBe(true);
    expect(host.taken<u32>(0)).toBe(2);
  });

  it("cancel-completed: taken all the same", () => {
    const writer = openFutureWriter();
    host.answers("future.write", BLOCKED);
    writer.start(4);
    host.answers("future.cancel-write", COMPLETED);
    expect(writer.cancel()).toBe(true);
    expect(host.taken<u32>(0)).toBe(4);
    mark();
    writer.close();
    expect(since()).toBe("future.drop-writable");
  });

  it("cancel-dropped: not taken, nothing left to write", () => {
    const writer = openFutureWriter();
    host.answers("future.write", BLOCKED);
    writer.start(4);
    host.answers("future.cancel-write", DROPPED);
    expect(writer.cancel()).toBe(false);
    expect(writer.done).toBe(true);
    mark();
    expect(writer.write(5)).toBe(false);
    writer.close();
    expect(since()).toBe("future.drop-writable");
  });

  it("drop in flight: waits for the value to be taken, for it cannot be left unwritten", () => {
    const writer = openFutureWriter();
    host.answers("future.write", BLOCKED);
    writer.start(4);
    host.event(FUTURE_WRITE, FUTURE_WRITER, COMPLETED);
    mark();
    writer.drop();
    writer.drop();
    writer.close();
    expect(since()).toBe("waitable-set.wait future.drop-writable");
    expect(writer.write(1)).toBe(false);
  });
});
