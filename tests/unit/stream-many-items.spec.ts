/** Copies of many items, to and from the caller's buffers. */
import { BLOCKED } from "../../assembly/abi/copy-result";
import { STREAM_READ, STREAM_WRITE, host } from "../../spec";
import {
  READER,
  ReadOps,
  WRITER,
  WriteOps,
  frameReader,
  frameWriter,
  openReader,
  openWriter,
} from "./operations";
import { StreamReader, StreamWriter } from "../../assembly";

const DROPPED: u32 = 1;
const CANCELLED: u32 = 2;
const ONE_ITEM: u32 = 1 << 4;
const buffer = new StaticArray<u32>(8);

let seen: i32 = 0;

function mark(): void {
  seen = host.calls().length;
}

function since(): string {
  return host.calls().slice(seen).trim();
}

/** Argument `index` of the latest call. */
function lastArgument(index: i32): u32 {
  return host.argument(host.calls().split(" ").length - 1, index);
}

/** The reader as it is; closures are not to be had. */
function frameReaderAgain(): StreamReader<u32, ReadOps> {
  return changetype<StreamReader<u32, ReadOps>>(frameReader());
}

/** The writer as it is. */
function frameWriterAgain(): StreamWriter<u32, WriteOps> {
  return changetype<StreamWriter<u32, WriteOps>>(frameWriter());
}

describe("copies of many items", () => {
  beforeEach(() => {
    host.reset();
    mark();
  });

  it("read-partial: as many as are there, into the caller's buffer", () => {
    const reader = openReader();
    host.answers("stream.read", 3 << 4);
    expect(reader.read(buffer, 8)).toBe(3);
    expect(lastArgument(1)).toBe(<u32>changetype<usize>(buffer));
    expect(lastArgument(2)).toBe(8);
    expect(reader.done).toBe(false);
  });

  it("read-blocked-event: the count comes with the event", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    host.event(STREAM_READ, READER, (5 << 4) | DROPPED);
    mark();
    expect(reader.read(buffer, 8)).toBe(5);
    expect(reader.done).toBe(true);
    expect(reader.read(buffer, 8)).toBe(0);
    expect(since()).toBe("stream.read waitable-set.wait");
  });

  it("read-zero: waits for readiness and copies nothing", () => {
    const reader = openReader();
    host.answers("stream.read", 0);
    expect(reader.read(buffer, 0)).toBe(0);
    expect(lastArgument(2)).toBe(0);
    expect(reader.done).toBe(false);
  });

  it("read-too-long: traps before the host is asked", () => {
    openReader();
    expect(() => {
      openReader().read(buffer, 9);
    }).toThrow("above the buffer's length");
    expect(() => {
      openReader().read(buffer, -1);
    }).toThrow("a negative length");
  });

  it("collect: goes on after a short copy, without loss or doubling", () => {
    const reader = openReader();
    host.answers("stream.read", 3 << 4);
    host.answers("stream.read", 5 << 4);
    mark();
    expect(reader.collect(buffer, 8)).toBe(8);
    expect(since()).toBe("stream.read stream.read");
    expect(lastArgument(1)).toBe(<u32>changetype<usize>(buffer) + 12);
    expect(lastArgument(2)).toBe(5);
  });

  it("collect-dropped: what came before the writer went away", () => {
    const reader = openReader();
    host.answers("stream.read", 3 << 4);
    host.answers("stream.read", DROPPED);
    expect(reader.collect(buffer, 8)).toBe(3);
    expect(reader.done).toBe(true);
  });

  it("start-held-read: the item that is held comes first", () => {
    const reader = openReader();
    host.answers("stream.read", 1 << 4);
    host.brings<u32>(77);
    reader.start();
    mark();
    expect(reader.read(buffer, 8)).toBe(1);
    expect(buffer[0]).toBe(77);
    expect(since()).toBe("");
    host.answers("stream.read", 2 << 4);
    expect(reader.read(buffer, 8)).toBe(2);
  });

  it("start-held-read-zero: asks for nothing, and the item that is held stays for next", () => {
    const reader = openReader();
    host.answers("stream.read", 1 << 4);
    host.brings<u32>(77);
    reader.start();
    mark();
    expect(reader.read(buffer, 0)).toBe(0);
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(77);
    expect(since()).toBe("");
  });

  it("write-item-with-dropped, write: what the reader refuses is not taken, though the item before was", () => {
    const writer = openWriter();
    host.answers("stream.write", (1 << 4) | DROPPED);
    expect(writer.writeOne(1)).toBe(false);
    expect(writer.taken).toBe(true);
    mark();
    expect(writer.write(buffer, 8)).toBe(0);
    expect(writer.taken).toBe(false);
    expect(since()).toBe("");
  });

  it("write-item-with-dropped, writeOne: the second is refused and not taken", () => {
    const writer = openWriter();
    host.answers("stream.write", (1 << 4) | DROPPED);
    expect(writer.writeOne(1)).toBe(false);
    expect(writer.taken).toBe(true);
    expect(writer.writeOne(2)).toBe(false);
    expect(writer.taken).toBe(false);
  });

  it("write-partial: as many as the reader takes", () => {
    const writer = openWriter();
    host.answers("stream.write", 3 << 4);
    expect(writer.write(buffer, 8)).toBe(3);
    expect(lastArgument(1)).toBe(<u32>changetype<usize>(buffer));
    expect(lastArgument(2)).toBe(8);
  });

  it("write-too-long: traps before the host is asked", () => {
    expect(() => {
      openWriter().write(buffer, 9);
    }).toThrow("above the buffer's length");
  });

  it("writeAll: goes on after a short copy, without loss or doubling", () => {
    const writer = openWriter();
    host.answers("stream.write", 3 << 4);
    host.answers("stream.write", BLOCKED);
    host.event(STREAM_WRITE, WRITER, 5 << 4);
    mark();
    expect(writer.writeAll(buffer, 8)).toBe(8);
    expect(since()).toBe("stream.write stream.write waitable-set.wait");
  });

  it("writeAll-dropped: what was taken before the reader went away", () => {
    const writer = openWriter();
    host.answers("stream.write", (3 << 4) | DROPPED);
    mark();
    expect(writer.writeAll(buffer, 8)).toBe(3);
    expect(writer.done).toBe(true);
    expect(since()).toBe("stream.write");
  });

  it("startRead-blocked, event, progress: the items lie in the caller's buffer, and next asks for the one behind them", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    mark();
    expect(reader.startRead(buffer, 8)).toBe(false);
    expect(lastArgument(1)).toBe(<u32>changetype<usize>(buffer));
    expect(lastArgument(2)).toBe(8);
    expect(reader.progress).toBe(0);
    expect(reader.poll()).toBe(false);
    host.event(STREAM_READ, READER, 5 << 4);
    expect(reader.poll()).toBe(true);
    expect(reader.poll()).toBe(true);
    expect(reader.progress).toBe(5);
    host.answers("stream.read", ONE_ITEM);
    host.brings<u32>(9);
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(9);
    expect(reader.progress).toBe(1);
    expect(since()).toBe("stream.read waitable-set.poll waitable-set.poll stream.read");
  });

  it("startRead-cancel: what came before the cancel is in the buffer, and counted", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    reader.startRead(buffer, 8);
    host.answers("stream.cancel-read", (3 << 4) | CANCELLED);
    expect(reader.cancel()).toBe(true);
    expect(reader.progress).toBe(3);
    host.answers("stream.read", BLOCKED);
    expect(reader.start()).toBe(false);
    host.answers("stream.cancel-read", CANCELLED);
    expect(reader.cancel()).toBe(false);
    expect(reader.progress).toBe(0);
  });

  it("start-cancel-startRead: the item that was held is the one in the buffer", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    reader.start();
    host.answers("stream.cancel-read", ONE_ITEM | CANCELLED);
    host.brings<u32>(6);
    expect(reader.cancel()).toBe(true);
    mark();
    expect(reader.startRead(buffer, 8)).toBe(true);
    expect(since()).toBe("");
    expect(reader.progress).toBe(1);
    expect(buffer[0]).toBe(6);
    host.answers("stream.read", 2 << 4);
    expect(reader.startRead(buffer, 8)).toBe(true);
    expect(reader.progress).toBe(2);
  });

  it("startRead-dropped: the items first, then progress 0, without asking", () => {
    const reader = openReader();
    host.answers("stream.read", (4 << 4) | DROPPED);
    expect(reader.startRead(buffer, 8)).toBe(true);
    expect(reader.progress).toBe(4);
    expect(reader.done).toBe(true);
    mark();
    expect(reader.startRead(buffer, 8)).toBe(true);
    expect(reader.progress).toBe(0);
    expect(reader.next()).toBe(false);
    expect(since()).toBe("");
  });

  it("startRead-read, startRead-startRead while in flight: the first waits for it, the second traps", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    reader.startRead(buffer, 4);
    expect(() => {
      frameReaderAgain().startRead(buffer, 4);
    }).toThrow("a copy is in flight");
    host.event(STREAM_READ, READER, 4 << 4);
    host.answers("stream.read", 2 << 4);
    expect(reader.read(buffer, 8)).toBe(2);
  });

  it("startRead-drop: cancelled first", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    reader.startRead(buffer, 4);
    host.answers("stream.cancel-read", (2 << 4) | CANCELLED);
    mark();
    reader.drop();
    expect(since()).toBe("waitable.join stream.cancel-read waitable.join stream.drop-readable");
  });

  it("startRead of nothing, or of more than there is room for: traps before the host is asked", () => {
    openReader();
    expect(() => {
      openReader().startRead(buffer, 0);
    }).toThrow("nothing");
    expect(() => {
      openReader().startRead(buffer, 9);
    }).toThrow("above the buffer's length");
  });

  it("startWrite-blocked-cancel: a partial write of twelve is counted", () => {
    const writer = openWriter();
    const twelve = new StaticArray<u32>(12);
    host.answers("stream.write", BLOCKED);
    expect(writer.startWrite(twelve, 12)).toBe(false);
    expect(lastArgument(2)).toBe(12);
    expect(writer.poll()).toBe(false);
    host.answers("stream.cancel-write", (5 << 4) | CANCELLED);
    expect(writer.cancel()).toBe(true);
    expect(writer.progress).toBe(5);
    expect(writer.done).toBe(false);
  });

  it("startWrite-startWrite: settled at once, then in flight, when a third traps", () => {
    const writer = openWriter();
    host.answers("stream.write", 3 << 4);
    expect(writer.startWrite(buffer, 8)).toBe(true);
    expect(writer.progress).toBe(3);
    host.answers("stream.write", BLOCKED);
    expect(writer.startWrite(buffer, 8)).toBe(false);
    mark();
    expect(() => {
      frameWriterAgain().startWrite(buffer, 4);
    }).toThrow("a copy is in flight");
    expect(since()).toBe("");
  });

  it("startWrite of nothing, or of more than there is: traps before the host is asked", () => {
    openWriter();
    mark();
    expect(() => {
      frameWriterAgain().startWrite(buffer, 0);
    }).toThrow("nothing");
    expect(() => {
      frameWriterAgain().startWrite(buffer, 9);
    }).toThrow("above the buffer's length");
    expect(since()).toBe("");
  });

  it("startWrite-event, startWrite-dropped", () => {
    const writer = openWriter();
    host.answers("stream.write", BLOCKED);
    writer.startWrite(buffer, 8);
    host.event(STREAM_WRITE, WRITER, (8 << 4) | DROPPED);
    expect(writer.poll()).toBe(true);
    expect(writer.progress).toBe(8);
    expect(writer.taken).toBe(true);
    mark();
    expect(writer.startWrite(buffer, 8)).toBe(true);
    expect(writer.progress).toBe(0);
    expect(writer.taken).toBe(false);
    expect(since()).toBe("");
  });
});
