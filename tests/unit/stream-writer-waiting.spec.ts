/** A writer that is only waited on: no spec of this file calls `start`. */
import { BLOCKED } from "../../assembly/abi/copy-result";
import { STREAM_WRITE, host } from "../../spec";
import { WRITER, openWriter } from "./operations";

const ITEM: u32 = 16;
const ITEM_DROPPED: u32 = 17;
const DROPPED: u32 = 1;

let seen: i32 = 0;

function mark(): void {
  seen = host.calls().length;
}

function since(): string {
  return host.calls().slice(seen).trim();
}

describe("a writer that waits", () => {
  beforeEach(() => {
    host.reset();
    mark();
  });

  it("write-completed: the item is taken in one call, exactly one item", () => {
    const writer = openWriter();
    host.answers("stream.write", ITEM);
    mark();
    expect(writer.writeOne(42)).toBe(true);
    expect(host.taken<u32>(0)).toBe(42);
    expect(since()).toBe("stream.write");
    const call = host.calls().split(" ").length - 1;
    expect(host.argument(call, 0)).toBe(WRITER);
    expect(host.argument(call, 1)).toBe(<u32>changetype<usize>(writer) + 20);
    expect(host.argument(call, 2)).toBe(1);
  });

  it("write-blocked-event: waits in the set until the item is taken", () => {
    const writer = openWriter();
    host.answers("stream.write", BLOCKED);
    host.event(STREAM_WRITE, WRITER, ITEM);
    mark();
    expect(writer.writeOne(43)).toBe(true);
    expect(host.taken<u32>(0)).toBe(43);
    expect(since()).toBe("stream.write waitable-set.wait");
  });

  it("write-dropped: false, the item not taken, the host not asked again", () => {
    const writer = openWriter();
    host.answers("stream.write", DROPPED);
    mark();
    expect(writer.writeOne(1)).toBe(false);
    expect(writer.writeOne(2)).toBe(false);
    expect(since()).toBe("stream.write");
    expect(host.takenCount()).toBe(0);
  });

  it("write-blocked-dropped: false after the wait", () => {
    const writer = openWriter();
    host.answers("stream.write", BLOCKED);
    host.event(STREAM_WRITE, WRITER, DROPPED);
    mark();
    expect(writer.writeOne(1)).toBe(false);
    expect(writer.writeOne(2)).toBe(false);
    expect(since()).toBe("stream.write waitable-set.wait");
  });

  it("write-item-with-dropped: false, this item taken; the next is neither asked for nor taken", () => {
    const writer = openWriter();
    host.answers("stream.write", ITEM_DROPPED);
    mark();
    expect(writer.writeOne(1)).toBe(false);
    expect(writer.taken).toBe(true);
    expect(writer.progress).toBe(1);
    expect(writer.done).toBe(true);
    expect(writer.writeOne(2)).toBe(false);
    expect(writer.taken).toBe(false);
    expect(writer.progress).toBe(0);
    expect(since()).toBe("stream.write");
    expect(host.takenCount()).toBe(1);
  });

  it("write-blocked-item-with-dropped: the same after the wait", () => {
    const writer = openWriter();
    host.answers("stream.write", BLOCKED);
    host.event(STREAM_WRITE, WRITER, ITEM_DROPPED);
    mark();
    expect(writer.writeOne(1)).toBe(false);
    expect(writer.taken).toBe(true);
    expect(writer.writeOne(2)).toBe(false);
    expect(writer.taken).toBe(false);
    expect(since()).toBe("stream.write waitable-set.wait");
    expect(host.takenCount()).toBe(1);
  });

  it("write-completed, write-blocked-event: true while the reader stays, and the item taken", () => {
    const writer = openWriter();
    host.answers("stream.write", ITEM);
    expect(writer.writeOne(1)).toBe(true);
    expect(writer.taken).toBe(true);
    host.answers("stream.write", BLOCKED);
    host.event(STREAM_WRITE, WRITER, ITEM);
    expect(writer.writeOne(2)).toBe(true);
    expect(writer.taken).toBe(true);
    expect(host.takenCount()).toBe(2);
  });

  it("close: drops the end", () => {
    const writer = openWriter();
    mark();
    writer.close();
    expect(since()).toBe("stream.drop-writable");
    expect(writer.writeOne(1)).toBe(false);
  });

  it("close-open: the frame serves the next task", () => {
    let writer = openWriter();
    host.answers("stream.write", DROPPED);
    writer.writeOne(1);
    writer.close();
    host.reset();
    writer = openWriter();
    host.answers("stream.write", ITEM);
    expect(writer.writeOne(2)).toBe(true);
  });
});
