/** A writer whose copies are started, polled, cancelled and dropped. */
import { StreamWriter } from "../../assembly";
import { BLOCKED } from "../../assembly/abi/copy-result";
import { STREAM_WRITE, host } from "../../spec";
import { WRITER, WriteOps, frameWriter, openWriter } from "./operations";

type StreamWriterOfU32 = StreamWriter<u32, WriteOps>;

const ITEM: u32 = 16;
const ITEM_DROPPED: u32 = 17;
const ITEM_CANCELLED: u32 = 18;
const DROPPED: u32 = 1;
const CANCELLED: u32 = 2;

let seen: i32 = 0;

function mark(): void {
  seen = host.calls().length;
}

function since(): string {
  return host.calls().slice(seen).trim();
}

/** The writer in the frame, without opening it again. Closures are not to be had. */
function openedWriter(): StreamWriterOfU32 {
  return changetype<StreamWriterOfU32>(frameWriter());
}

describe("a writer that overlaps", () => {
  beforeEach(() => {
    host.reset();
    mark();
  });

  it("start-completed: settled and taken", () => {
    const writer = openWriter();
    host.answers("stream.write", ITEM);
    expect(writer.start(1)).toBe(true);
    expect(writer.poll()).toBe(true);
    expect(writer.taken).toBe(true);
    expect(host.taken<u32>(0)).toBe(1);
  });

  it("start without an item writes what the slot holds", () => {
    const writer = openWriter();
    writer.array[0] = 7;
    host.answers("stream.write", ITEM);
    expect(writer.start()).toBe(true);
    expect(host.taken<u32>(0)).toBe(7);
  });

  it("array-start-array: the slot as an array while no copy is in flight, and a trap while one is", () => {
    const writer = openWriter();
    writer.array[0] = 8;
    host.answers("stream.write", BLOCKED);
    expect(writer.start()).toBe(false);
    expect(() => {
      openedWriter().array[0] = 9;
    }).toThrow();
    host.answers("stream.cancel-write", CANCELLED);
    writer.cancel();
    expect(writer.array[0]).toBe(8);
    expect(writer.array.length).toBe(1);
  });

  it("start-blocked-poll-none: not settled, not taken", () => {
    const writer = openWriter();
    host.answers("stream.write", BLOCKED);
    mark();
    expect(writer.start(1)).toBe(false);
    expect(writer.poll()).toBe(false);
    expect(writer.taken).toBe(false);
    expect(since()).toBe("stream.write waitable-set.poll");
    host.answers("stream.cancel-write", CANCELLED);
    writer.cancel();
  });

  it("start-blocked-poll-event: taken", () => {
    const writer = openWriter();
    host.answers("stream.write", BLOCKED);
    host.event(STREAM_WRITE, WRITER, ITEM);
    writer.start(2);
    expect(writer.poll()).toBe(true);
    expect(writer.taken).toBe(true);
    expect(host.taken<u32>(0)).toBe(2);
  });

  it("start-blocked-start: traps, and the lent slot is untouched", () => {
    const writer = openWriter();
    host.answers("stream.write", BLOCKED);
    writer.start(3);
    expect(() => {
      openedWriter().start(4);
    }).toThrow("a second copy of one end");
    host.event(STREAM_WRITE, WRITER, ITEM);
    expect(writer.poll()).toBe(true);
    expect(host.taken<u32>(0)).toBe(3);
  });

  it("start-blocked-value: traps", () => {
    const writer = openWriter();
    host.answers("stream.write", BLOCKED);
    writer.start(3);
    expect(() => {
      openedWriter().value;
    }).toThrow("the slot is lent");
    host.answers("stream.cancel-write", CANCELLED);
    writer.cancel();
  });

  it("start-blocked-write: waits for the copy in flight, then writes", () => {
    const writer = openWriter();
    host.answers("stream.write", BLOCKED);
    host.event(STREAM_WRITE, WRITER, ITEM);
    host.answers("stream.write", ITEM);
    mark();
    writer.start(3);
    expect(writer.writeOne(4)).toBe(true);
    expect(since()).toBe("stream.write waitable-set.wait stream.write");
    expect(host.taken<u32>(0)).toBe(3);
    expect(host.taken<u32>(1)).toBe(4);
  });

  it("start-blocked-dropped-write: the reader went away with the first, the second is not asked for", () => {
    const writer = openWriter();
    host.answers("stream.write", BLOCKED);
    host.event(STREAM_WRITE, WRITER, DROPPED);
    mark();
    writer.start(3);
    expect(writer.writeOne(4)).toBe(false);
    expect(writer.taken).toBe(false);
    expect(since()).toBe("stream.write waitable-set.wait");
  });

  it("start-dropped, start: nothing to begin, nothing taken", () => {
    const writer = openWriter();
    host.answers("stream.write", DROPPED);
    mark();
    expect(writer.start(1)).toBe(true);
    expect(writer.taken).toBe(false);
    expect(writer.start(2)).toBe(true);
    expect(writer.taken).toBe(false);
    expect(since()).toBe("stream.write");
  });

  it("start-item-with-dropped, start: the first was taken, the second is not", () => {
    const writer = openWriter();
    host.answers("stream.write", ITEM_DROPPED);
    expect(writer.start(1)).toBe(true);
    expect(writer.taken).toBe(true);
    expect(writer.start(2)).toBe(true);
    expect(writer.taken).toBe(false);
  });

  it("cancel-idle: nothing is asked", () => {
    const writer = openWriter();
    mark();
    expect(writer.cancel()).toBe(false);
    expect(since()).toBe("");
  });

  it("start-cancel-cancelled: not taken; the end is idle", () => {
    const writer = openWriter();
    host.answers("stream.write", BLOCKED);
    host.answers("stream.cancel-write", CANCELLED);
    writer.start(1);
    mark();
    expect(writer.cancel()).toBe(false);
    expect(since()).toBe("waitable.join stream.cancel-write waitable.join");
    expect(host.takenCount()).toBe(0);
    host.answers("stream.write", ITEM);
    expect(writer.writeOne(1)).toBe(true);
    expect(host.takenCount()).toBe(1);
  });

  it("start-cancel-completed: taken, so not to be written again", () => {
    const writer = openWriter();
    host.answers("stream.write", BLOCKED);
    host.answers("stream.cancel-write", ITEM);
    writer.start(1);
    expect(writer.cancel()).toBe(true);
    expect(writer.taken).toBe(true);
  });

  it("start-cancel-cancelled-with-item: taken; the end is idle", () => {
    const writer = openWriter();
    host.answers("stream.write", BLOCKED);
    host.answers("stream.cancel-write", ITEM_CANCELLED);
    writer.start(1);
    expect(writer.cancel()).toBe(true);
    host.answers("stream.write", ITEM);
    expect(writer.writeOne(2)).toBe(true);
  });

  it("start-cancel-dropped: not taken, done", () => {
    const writer = openWriter();
    host.answers("stream.write", BLOCKED);
    host.answers("stream.cancel-write", DROPPED);
    writer.start(1);
    expect(writer.cancel()).toBe(false);
    expect(writer.writeOne(2)).toBe(false);
  });

  it("start-cancel-dropped-with-item: taken, done", () => {
    const writer = openWriter();
    host.answers("stream.write", BLOCKED);
    host.answers("stream.cancel-write", ITEM_DROPPED);
    writer.start(1);
    expect(writer.cancel()).toBe(true);
    expect(writer.writeOne(2)).toBe(false);
  });

  it("drop-idle, drop-again: one drop", () => {
    const writer = openWriter();
    mark();
    writer.drop();
    writer.drop();
    writer.close();
    expect(since()).toBe("stream.drop-writable");
    expect(writer.writeOne(1)).toBe(false);
    expect(writer.start(1)).toBe(true);
    expect(writer.taken).toBe(false);
  });

  it("start-drop: cancelled before it is dropped", () => {
    const writer = openWriter();
    host.answers("stream.write", BLOCKED);
    host.answers("stream.cancel-write", CANCELLED);
    writer.start(1);
    mark();
    writer.drop();
    expect(since()).toBe("waitable.join stream.cancel-write waitable.join stream.drop-writable");
  });
});
