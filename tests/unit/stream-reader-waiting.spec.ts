/**
 * A reader that is only waited on: no spec of this file calls `start`, so the
 * library's code for overlap never runs.
 */
import { BLOCKED } from "../../assembly/abi/copy-result";
import { STREAM_READ, host } from "../../spec";
import { slotArray } from "../../assembly";
import { READER, openReader } from "./operations";

const ITEM: u32 = 16;
const ITEM_DROPPED: u32 = 17;
const DROPPED: u32 = 1;

/** What the host was asked since the reader was opened. */
function callsSinceOpen(): string {
  const calls = host.calls();
  const join = "waitable.join";
  return calls.slice(calls.indexOf(join) + join.length).trim();
}

describe("a reader that waits", () => {
  beforeEach(() => {
    host.reset();
  });

  it("open: the end joins the waitable set once", () => {
    openReader();
    expect(host.calls().endsWith("waitable.join")).toBe(true);
  });

  it("next-completed: one item, one call, asked for exactly one", () => {
    const reader = openReader();
    host.answers("stream.read", ITEM);
    host.brings<u32>(41);
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(41);
    expect(callsSinceOpen()).toBe("stream.read");
    const call = host.calls().split(" ").length - 1;
    expect(host.argument(call, 0)).toBe(READER);
    expect(host.argument(call, 1)).toBe(<u32>changetype<usize>(reader) + 20);
    expect(host.argument(call, 2)).toBe(1);
  });

  it("next-blocked-event: waits in the set and has the item", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    host.event(STREAM_READ, READER, ITEM);
    host.brings<u32>(7);
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(7);
    expect(callsSinceOpen()).toBe("stream.read waitable-set.wait");
  });

  it("next-completed: the slot is an array of one element", () => {
    const reader = openReader();
    host.answers("stream.read", ITEM);
    host.brings<u32>(41);
    reader.next();
    const array = reader.array;
    expect(slotArray<u32>(reader) === array).toBe(true);
    expect(array.length).toBe(1);
    expect(array[0]).toBe(41);
    array[0] = 42;
    expect(reader.value).toBe(42);
  });

  it("next-next: each asks the host once more", () => {
    const reader = openReader();
    host.answers("stream.read", ITEM);
    host.brings<u32>(1);
    host.answers("stream.read", ITEM);
    host.brings<u32>(2);
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(1);
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(2);
    expect(callsSinceOpen()).toBe("stream.read stream.read");
  });

  it("next-dropped: false, and the host is not asked again", () => {
    const reader = openReader();
    host.answers("stream.read", DROPPED);
    expect(reader.next()).toBe(false);
    expect(reader.next()).toBe(false);
    expect(callsSinceOpen()).toBe("stream.read");
  });

  it("next-blocked-dropped: false after the wait", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    host.event(STREAM_READ, READER, DROPPED);
    expect(reader.next()).toBe(false);
    expect(reader.next()).toBe(false);
    expect(callsSinceOpen()).toBe("stream.read waitable-set.wait");
  });

  it("next-item-with-dropped: the item first, then false without asking", () => {
    const reader = openReader();
    host.answers("stream.read", ITEM_DROPPED);
    host.brings<u32>(9);
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(9);
    expect(reader.next()).toBe(false);
    expect(callsSinceOpen()).toBe("stream.read");
  });

  it("next-blocked-item-with-dropped: the item first, then false without asking", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    host.event(STREAM_READ, READER, ITEM_DROPPED);
    host.brings<u32>(9);
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(9);
    expect(reader.next()).toBe(false);
    expect(callsSinceOpen()).toBe("stream.read waitable-set.wait");
  });

  it("close-idle: drops the end and nothing else", () => {
    const reader = openReader();
    reader.close();
    expect(callsSinceOpen()).toBe("stream.drop-readable");
    expect(reader.next()).toBe(false);
  });

  it("close-done: the end is dropped although the writer is gone", () => {
    const reader = openReader();
    host.answers("stream.read", DROPPED);
    reader.next();
    reader.close();
    expect(callsSinceOpen()).toBe("stream.read stream.drop-readable");
  });

  it("close-open: the frame serves the next task", () => {
    let reader = openReader();
    host.answers("stream.read", DROPPED);
    reader.next();
    reader.close();
    host.reset();
    reader = openReader();
    host.answers("stream.read", ITEM);
    host.brings<u32>(3);
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(3);
  });
});
