/** Copies of many items, to and from the caller's buffers. */
import { BLOCKED } from "../../assembly/abi/copy-result";
import { STREAM_READ, STREAM_WRITE, host } from "./host/script";
import { READER, WRITER, openReader, openWriter } from "./operations";

const DROPPED: u32 = 1;
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
    expect(writer.writeOne(1)).toBe(true);
    expect(writer.taken).toBe(true);
    mark();
    expect(writer.write(buffer, 8)).toBe(0);
    expect(writer.taken).toBe(false);
    expect(since()).toBe("");
  });

  it("write-item-with-dropped, writeOne: the second is refused and not taken", () => {
    const writer = openWriter();
    host.answers("stream.write", (1 << 4) | DROPPED);
    expect(writer.writeOne(1)).toBe(true);
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
});
