/** A reader whose copies are started, polled, cancelled and dropped. */
import { StreamReader } from "../../assembly";
import { BLOCKED } from "../../assembly/abi/copy-result";
import { STREAM_READ, STREAM_WRITE, host } from "../../spec";
import { READER, ReadOps, WRITER, frameReader, openReader, openWriter } from "./operations";

type StreamReaderOfU32 = StreamReader<u32, ReadOps>;

const ITEM: u32 = 16;
const ITEM_DROPPED: u32 = 17;
const ITEM_CANCELLED: u32 = 18;
const DROPPED: u32 = 1;
const CANCELLED: u32 = 2;

let seen: i32 = 0;

/** The reader in the frame, without opening it again. Closures are not to be had. */
function openedReader(): StreamReaderOfU32 {
  return changetype<StreamReaderOfU32>(frameReader());
}

/** Forgets the calls so far. */
function mark(): void {
  seen = host.calls().length;
}

/** The calls since `mark`. */
function since(): string {
  return host.calls().slice(seen).trim();
}

describe("a reader that overlaps", () => {
  beforeEach(() => {
    host.reset();
    mark();
  });

  it("next-start: an item that next has answered for is not held", () => {
    const reader = openReader();
    host.answers("stream.read", ITEM);
    host.brings<u32>(1);
    reader.next();
    host.answers("stream.read", ITEM);
    host.brings<u32>(2);
    mark();
    expect(reader.start()).toBe(true);
    expect(since()).toBe("stream.read");
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(2);
  });

  it("start-completed-next: the item is there, and next does not ask", () => {
    const reader = openReader();
    host.answers("stream.read", ITEM);
    host.brings<u32>(4);
    mark();
    expect(reader.start()).toBe(true);
    expect(reader.poll()).toBe(true);
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(4);
    expect(since()).toBe("stream.read");
  });

  it("start-completed-start: nothing is read ahead", () => {
    const reader = openReader();
    host.answers("stream.read", ITEM);
    host.brings<u32>(4);
    mark();
    expect(reader.start()).toBe(true);
    expect(reader.start()).toBe(true);
    expect(since()).toBe("stream.read");
    expect(reader.next()).toBe(true);
  });

  it("start-blocked-poll-none: not settled, the slot stays lent", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    mark();
    expect(reader.start()).toBe(false);
    expect(reader.poll()).toBe(false);
    expect(since()).toBe("stream.read waitable-set.poll");
    host.answers("stream.cancel-read", CANCELLED);
    reader.cancel();
  });

  it("start-blocked-start: traps", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    reader.start();
    expect(() => {
      openedReader().start();
    }).toThrow("a second copy of one end");
    host.answers("stream.cancel-read", CANCELLED);
    reader.cancel();
  });

  it("start-blocked-value: traps", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    reader.start();
    expect(() => {
      openedReader().value;
    }).toThrow("the slot is lent");
    host.answers("stream.cancel-read", CANCELLED);
    reader.cancel();
  });

  it("start-blocked-poll-event-next: the item is taken once", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    host.event(STREAM_READ, READER, ITEM);
    host.brings<u32>(5);
    mark();
    expect(reader.start()).toBe(false);
    expect(reader.poll()).toBe(true);
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(5);
    expect(since()).toBe("stream.read waitable-set.poll");
    host.answers("stream.read", DROPPED);
    expect(reader.next()).toBe(false);
  });

  it("start-blocked-next: next waits for the copy that is in flight", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    host.event(STREAM_READ, READER, ITEM);
    host.brings<u32>(6);
    mark();
    reader.start();
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(6);
    expect(since()).toBe("stream.read waitable-set.wait");
  });

  it("start-blocked-event-item-with-dropped: the item, then false without asking", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    host.event(STREAM_READ, READER, ITEM_DROPPED);
    host.brings<u32>(6);
    mark();
    reader.start();
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(6);
    expect(reader.next()).toBe(false);
    expect(reader.start()).toBe(true);
    expect(since()).toBe("stream.read waitable-set.wait");
  });

  it("start-dropped-start: nothing to begin, next is false", () => {
    const reader = openReader();
    host.answers("stream.read", DROPPED);
    mark();
    expect(reader.start()).toBe(true);
    expect(reader.start()).toBe(true);
    expect(reader.poll()).toBe(true);
    expect(reader.next()).toBe(false);
    expect(since()).toBe("stream.read");
  });

  it("cancel-idle: nothing is asked, nothing is kept", () => {
    const reader = openReader();
    mark();
    expect(reader.cancel()).toBe(false);
    expect(since()).toBe("");
  });

  it("start-cancel-cancelled: out of the set, cancel, back in; the end is idle", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    host.answers("stream.cancel-read", CANCELLED);
    reader.start();
    mark();
    expect(reader.cancel()).toBe(false);
    expect(since()).toBe("waitable.join stream.cancel-read waitable.join");
    host.answers("stream.read", ITEM);
    host.brings<u32>(8);
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(8);
  });

  it("start-cancel-completed: the item that arrived with the cancel is kept for next", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    host.answers("stream.cancel-read", ITEM);
    host.brings<u32>(10);
    reader.start();
    expect(reader.cancel()).toBe(true);
    mark();
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(10);
    expect(since()).toBe("");
  });

  it("start-cancel-cancelled-with-item: the item is kept, the end is idle", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    host.answers("stream.cancel-read", ITEM_CANCELLED);
    host.brings<u32>(10);
    reader.start();
    expect(reader.cancel()).toBe(true);
    expect(reader.next()).toBe(true);
    host.answers("stream.read", ITEM);
    host.brings<u32>(11);
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(11);
  });

  it("start-cancel-dropped: nothing kept, next is false without asking", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    host.answers("stream.cancel-read", DROPPED);
    reader.start();
    expect(reader.cancel()).toBe(false);
    mark();
    expect(reader.next()).toBe(false);
    expect(since()).toBe("");
  });

  it("start-cancel-dropped-with-item: the item, then false", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    host.answers("stream.cancel-read", ITEM_DROPPED);
    host.brings<u32>(12);
    reader.start();
    expect(reader.cancel()).toBe(true);
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(12);
    expect(reader.next()).toBe(false);
  });

  it("drop-idle, drop-again: one drop", () => {
    const reader = openReader();
    mark();
    reader.drop();
    reader.drop();
    reader.close();
    expect(since()).toBe("stream.drop-readable");
    expect(reader.next()).toBe(false);
  });

  it("start-drop: cancelled before it is dropped", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    host.answers("stream.cancel-read", CANCELLED);
    reader.start();
    mark();
    reader.drop();
    expect(since()).toBe("waitable.join stream.cancel-read waitable.join stream.drop-readable");
  });

  it("start-close: the epilogue cancels before it drops", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    host.answers("stream.cancel-read", ITEM);
    reader.start();
    mark();
    reader.close();
    expect(since()).toBe("waitable.join stream.cancel-read waitable.join stream.drop-readable");
  });

  it("reader-start, writer-writes: each end waits in a set of its own, for its own event", () => {
    const reader = openReader();
    const writer = openWriter();
    host.answers("stream.read", BLOCKED);
    reader.start();
    host.answers("stream.write", BLOCKED);
    host.event(STREAM_WRITE, WRITER, ITEM);
    host.event(STREAM_READ, READER, ITEM);
    host.brings<u32>(21);
    mark();
    expect(writer.writeOne(42)).toBe(true);
    expect(since()).toBe("stream.write waitable-set.wait");
    expect(host.taken<u32>(0)).toBe(42);
    mark();
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(21);
    expect(since()).toBe("waitable-set.wait");
  });

  it("reader-start, writer-start: each event settles its own copy, in either order", () => {
    const reader = openReader();
    const writer = openWriter();
    host.answers("stream.read", BLOCKED);
    host.answers("stream.write", BLOCKED);
    reader.start();
    writer.start(5);
    host.event(STREAM_WRITE, WRITER, ITEM);
    host.event(STREAM_READ, READER, ITEM);
    host.brings<u32>(22);
    expect(reader.poll()).toBe(true);
    expect(writer.poll()).toBe(true);
    expect(writer.taken).toBe(true);
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(22);
  });
});
