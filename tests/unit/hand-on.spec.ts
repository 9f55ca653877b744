/** Readers whose ends are handed on. */
import { StreamReader } from "../../assembly";
import { BLOCKED } from "../../assembly/abi/copy-result";
import { host } from "../../spec";
import { READER, ReadOps, frameReader, openReader } from "./operations";

const ITEM: u32 = 16;
const DROPPED: u32 = 1;
const CANCELLED: u32 = 2;
const BUFFER: StaticArray<u32> = [0, 0];

/** The reader in the frame, without opening it again. Closures are not to be had. */
function openedReader(): StreamReader<u32, ReadOps> {
  return changetype<StreamReader<u32, ReadOps>>(frameReader());
}

describe("an end that is handed on", () => {
  beforeEach(() => {
    host.reset();
  });

  it("handOn: the end leaves its set, and the reader is done", () => {
    const reader = openReader();
    const before = host.calls().length;
    expect(reader.handOn()).toBe(READER);
    expect(host.calls().slice(before).trim()).toBe("waitable.join");
    const join = host.lastCall("waitable.join");
    expect(host.argument(join, 0)).toBe(READER);
    expect(host.argument(join, 1)).toBe(0);
    expect(reader.done).toBe(true);
    expect(reader.next()).toBe(false);
  });

  it("handOn-close: the epilogue leaves the end alone", () => {
    const reader = openReader();
    reader.handOn();
    const before = host.calls().length;
    reader.close();
    reader.drop();
    expect(host.calls().length).toBe(before);
  });

  it("next-handOn: the rest goes on, the item stays", () => {
    const reader = openReader();
    host.answers("stream.read", ITEM);
    host.brings<u32>(7);
    reader.next();
    expect(reader.handOn()).toBe(READER);
    expect(reader.value).toBe(7);
  });

  it("handOn-open: the place takes another end", () => {
    openReader().handOn();
    const reader = openReader();
    expect(reader.done).toBe(false);
    expect(reader.handOn()).toBe(READER);
  });

  it("start-blocked-handOn: traps", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    reader.start();
    expect(() => {
      openedReader().handOn();
    }).toThrow("a copy is in flight");
    host.answers("stream.cancel-read", CANCELLED);
    reader.cancel();
    expect(reader.handOn()).toBe(READER);
  });

  it("start-completed-handOn: traps, for the item would be lost", () => {
    const reader = openReader();
    host.answers("stream.read", ITEM);
    host.brings<u32>(1);
    reader.start();
    expect(() => {
      openedReader().handOn();
    }).toThrow("an item is held");
    reader.next();
    expect(reader.handOn()).toBe(READER);
  });

  it("startRead-completed-handOn: what came is in the guest's buffer", () => {
    const reader = openReader();
    host.answers("stream.read", ITEM * 2);
    reader.startRead(BUFFER, 2);
    expect(reader.handOn()).toBe(READER);
  });

  it("next-dropped-handOn: traps, for nothing is left to hand on", () => {
    const reader = openReader();
    host.answers("stream.read", DROPPED);
    reader.next();
    expect(() => {
      openedReader().handOn();
    }).toThrow("the writer is gone");
  });

  it("handOn-handOn: traps", () => {
    openReader().handOn();
    expect(() => {
      openedReader().handOn();
    }).toThrow("the end was handed on");
  });
});
