/** A future's reader: waited for, started, polled, cancelled, dropped. */
import { BLOCKED } from "../../assembly/abi/copy-result";
import { FUTURE_READ, host } from "../../spec";
import { FUTURE_READER, futureReader, openFutureReader } from "./futures";

const COMPLETED: u32 = 0;
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

describe("a future's reader", () => {
  beforeEach(() => {
    host.reset();
    mark();
  });

  it("read-completed: the value, one call", () => {
    const reader = openFutureReader();
    host.answers("future.read", COMPLETED);
    host.brings<u32>(41);
    mark();
    expect(reader.done).toBe(false);
    expect(reader.read()).toBe(41);
    expect(since()).toBe("future.read");
    expect(reader.done).toBe(true);
    const call = host.calls().split(" ").length - 1;
    expect(host.argument(call, 0)).toBe(FUTURE_READER);
    expect(host.argument(call, 1)).toBe(<u32>changetype<usize>(reader) + 20);
  });

  it("read-blocked-event: waits in the set", () => {
    const reader = openFutureReader();
    host.answers("future.read", BLOCKED);
    host.event(FUTURE_READ, FUTURE_READER, COMPLETED);
    host.brings<u32>(7);
    mark();
    expect(reader.read()).toBe(7);
    expect(since()).toBe("future.read waitable-set.wait");
  });

  it("poll without start: false, and the host is not asked", () => {
    const reader = openFutureReader();
    mark();
    expect(reader.poll()).toBe(false);
    expect(since()).toBe("");
  });

  it("read-read: the same value, and the host is not asked again", () => {
    const reader = openFutureReader();
    host.answers("future.read", COMPLETED);
    host.brings<u32>(5);
    mark();
    expect(reader.read()).toBe(5);
    expect(reader.read()).toBe(5);
    expect(reader.value).toBe(5);
    expect(since()).toBe("future.read");
  });

  it("value before read: traps", () => {
    expect(() => {
      openFutureReader();
      futureReader().value;
    }).toThrow();
  });

  it("start-completed-read: the value is there, and read does not ask", () => {
    const reader = openFutureReader();
    host.answers("future.read", COMPLETED);
    host.brings<u32>(9);
    mark();
    expect(reader.start()).toBe(true);
    expect(reader.poll()).toBe(true);
    expect(reader.start()).toBe(true);
    expect(reader.read()).toBe(9);
    expect(since()).toBe("future.read");
  });

  it("start-blocked-poll: false until the event is there", () => {
    const reader = openFutureReader();
    host.answers("future.read", BLOCKED);
    mark();
    expect(reader.start()).toBe(false);
    expect(reader.poll()).toBe(false);
    expect(reader.done).toBe(false);
    host.event(FUTURE_READ, FUTURE_READER, COMPLETED);
    host.brings<u32>(3);
    expect(reader.poll()).toBe(true);
    expect(reader.poll()).toBe(true);
    expect(reader.read()).toBe(3);
    expect(since()).toBe("future.read waitable-set.poll waitable-set.poll");
  });

  it("start-blocked-read: waits for the copy in flight, reads no second time", () => {
    const reader = openFutureReader();
    host.answers("future.read", BLOCKED);
    reader.start();
    host.event(FUTURE_READ, FUTURE_READER, COMPLETED);
    host.brings<u32>(8);
    mark();
    expect(reader.read()).toBe(8);
    expect(since()).toBe("waitable-set.wait");
  });

  it("start-start in flight: traps", () => {
    expect(() => {
      const reader = openFutureReader();
      host.answers("future.read", BLOCKED);
      reader.start();
      reader.start();
    }).toThrow();
  });

  it("value in flight: traps", () => {
    expect(() => {
      const reader = openFutureReader();
      host.answers("future.read", BLOCKED);
      reader.start();
      reader.value;
    }).toThrow();
  });

  it("cancel-cancelled-read: idle again, and may be read", () => {
    const reader = openFutureReader();
    host.answers("future.read", BLOCKED);
    reader.start();
    host.answers("future.cancel-read", CANCELLED);
    mark();
    expect(reader.cancel()).toBe(false);
    expect(since()).toBe("waitable.join future.cancel-read waitable.join");
    expect(reader.done).toBe(false);
    host.answers("future.read", COMPLETED);
    host.brings<u32>(6);
    expect(reader.read()).toBe(6);
  });

  it("cancel-completed-read: the value that came with the cancel is kept", () => {
    const reader = openFutureReader();
    host.answers("future.read", BLOCKED);
    reader.start();
    host.answers("future.cancel-read", COMPLETED);
    host.brings<u32>(12);
    expect(reader.cancel()).toBe(true);
    mark();
    expect(reader.read()).toBe(12);
    expect(since()).toBe("");
    expect(reader.cancel()).toBe(false);
  });

  it("drop in flight: cancels first; a second drop does nothing", () => {
    const reader = openFutureReader();
    host.answers("future.read", BLOCKED);
    reader.start();
    host.answers("future.cancel-read", CANCELLED);
    mark();
    reader.drop();
    reader.drop();
    reader.close();
    expect(since()).toBe("waitable.join future.cancel-read waitable.join future.drop-readable");
    expect(reader.done).toBe(true);
  });

  it("drop-read: traps", () => {
    expect(() => {
      const reader = openFutureReader();
      reader.drop();
      reader.read();
    }).toThrow();
  });

  it("close idle, close after the value: drops the end and nothing else", () => {
    let reader = openFutureReader();
    mark();
    reader.close();
    expect(since()).toBe("future.drop-readable");
    host.reset();
    reader = openFutureReader();
    host.answers("future.read", COMPLETED);
    host.brings<u32>(1);
    reader.read();
    mark();
    reader.close();
    expect(since()).toBe("future.drop-readable");
  });
});
