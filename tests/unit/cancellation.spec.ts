/**
 * A task whose caller gives up, in a guest that is called back and can be told: each spec is a sequence of
 * what it waits for and what comes instead.
 */
import {
  StreamReader,
  Subtask,
  heedCancellation,
  holdCancellation,
  isCancelled,
  pause,
  waitAny,
} from "../../assembly";
import { BLOCKED, CopyResult } from "../../assembly/abi/copy-result";
import {
  awaitSubtask,
  awaitSubtaskOrCancel,
  endCancelled,
  endsCancelled,
  noteAnswered,
} from "../../assembly/bindings";
import { FUTURE_READER, FUTURE_WRITER, openFutureReader, openFutureWriter } from "./futures";
import { FUTURE_READ, FUTURE_WRITE, STREAM_READ, STREAM_WRITE, host } from "../../spec";
import { READER, ReadOps, WRITER, openReader, openWriter } from "./operations";

/** As the build defines it for a guest that can be told. */
// @ts-ignore: AssemblyScript
@global
const RILL_CANCEL: i32 = 1;

const ONE_ITEM: u32 = 1 << 4;
const SUBTASK: u32 = 1;
const TASK_CANCELLED: u32 = 6;
const STARTED: u32 = 1;
const RETURNED: u32 = 2;
const CANCELLED_BEFORE_RETURNED: u32 = 4;
/** The handle of the call's subtask. */
const CALL: u32 = 31;
const PLACE: usize = memory.data(12, 4);
const BUFFER: usize = memory.data(16, 4);

let seen: i32 = 0;

/** Forgets the calls so far. */
function mark(): void {
  seen = host.calls().length;
}

/** The calls since `mark`. */
function since(): string {
  return host.calls().slice(seen).trim();
}

/** The caller gives up, in place of what is waited for next. */
function giveUp(): void {
  host.event(TASK_CANCELLED, 0, 0);
}

/** The caller has given up while the task waited for an item; the reader's end is idle again. */
function heard(): void {
  const reader = openReader();
  host.answers("stream.read", BLOCKED);
  giveUp();
  host.answers("stream.cancel-read", CopyResult.CANCELLED);
  reader.next();
  mark();
}

/** The call, begun and not yet returned. */
function begunCall(): Subtask {
  const call = changetype<Subtask>(PLACE);
  call.begin(STARTED | (CALL << 4));
  mark();
  return call;
}

/** The reader holds the item 8, which `start` brought, when the caller gives up while the task writes. */
function holdThenGiveUp(): StreamReader<u32, ReadOps> {
  const reader = openReader();
  host.answers("stream.read", ONE_ITEM);
  host.brings<u32>(8);
  reader.start();
  const writer = openWriter();
  host.answers("stream.write", BLOCKED);
  giveUp();
  host.answers("stream.cancel-write", CopyResult.CANCELLED);
  expect(writer.writeOne(1)).toBe(false);
  return reader;
}

describe("the first task of a program", () => {
  it("pause-pause: nobody has given up, and nothing is held off", () => {
    host.reset();
    expect(isCancelled()).toBe(false);
    host.answers("thread.yield", TASK_CANCELLED);
    pause();
    expect(isCancelled()).toBe(true);
  });
});

describe("a task whose caller gives up", () => {
  beforeEach(() => {
    host.reset();
    memory.fill(PLACE, 0, 12);
    noteAnswered();
    endCancelled();
    openReader();
    openWriter();
    mark();
  });

  it("next-cancelled: the read is cancelled, and the end back in its set; the next one asks nobody", () => {
    const reader = openReader();
    mark();
    host.answers("stream.read", BLOCKED);
    giveUp();
    host.answers("stream.cancel-read", CopyResult.CANCELLED);
    expect(reader.next()).toBe(false);
    expect(since()).toBe("stream.read waitable-set.wait waitable.join stream.cancel-read waitable.join");
    expect(isCancelled()).toBe(true);
    expect(reader.done).toBe(false);
    mark();
    expect(reader.next()).toBe(false);
    expect(reader.readInto(BUFFER, 2)).toBe(0);
    expect(since()).toBe("");
  });

  it("next-cancelled-with-an-item: it is given, and no more", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    giveUp();
    host.answers("stream.cancel-read", ONE_ITEM | CopyResult.CANCELLED);
    host.brings<u32>(7);
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(7);
    expect(reader.done).toBe(false);
    expect(reader.next()).toBe(false);
  });

  it("next-cancelled-and-dropped: the end is done", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    giveUp();
    host.answers("stream.cancel-read", CopyResult.DROPPED);
    expect(reader.next()).toBe(false);
    expect(reader.done).toBe(true);
  });

  it("start-next-cancelled: the copy goes on until the end is closed", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    reader.start();
    giveUp();
    expect(reader.next()).toBe(false);
    expect(reader.readInto(BUFFER, 1)).toBe(0);
    mark();
    host.answers("stream.cancel-read", CopyResult.CANCELLED);
    reader.close();
    expect(since()).toBe("waitable.join stream.cancel-read waitable.join stream.drop-readable");
  });

  it("start-settle-cancelled: an item that is held is given all the same", () => {
    const reader = holdThenGiveUp();
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(8);
    expect(reader.next()).toBe(false);
  });

  it("start-next: an item that comes is given", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    reader.start();
    host.event(STREAM_READ, READER, ONE_ITEM);
    host.brings<u32>(7);
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(7);
    expect(reader.done).toBe(false);
  });

  it("start-settle-cancelled-read: an item that is held is given all the same", () => {
    const reader = holdThenGiveUp();
    expect(reader.readInto(BUFFER, 4)).toBe(1);
    expect(load<u32>(BUFFER)).toBe(8);
  });

  it("read-cancelled: items that came with it are given", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    giveUp();
    host.answers("stream.cancel-read", ONE_ITEM | CopyResult.CANCELLED);
    host.brings<u32>(9);
    expect(reader.readInto(BUFFER, 4)).toBe(1);
    expect(load<u32>(BUFFER)).toBe(9);
    expect(reader.readInto(BUFFER, 4)).toBe(0);
  });

  it("read-cancelled-without: 0 items", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    giveUp();
    host.answers("stream.cancel-read", CopyResult.CANCELLED);
    expect(reader.readInto(BUFFER, 4)).toBe(0);
  });

  it("write-cancelled: the write is cancelled, and the end back in its set; the next one asks nobody", () => {
    const writer = openWriter();
    mark();
    host.answers("stream.write", BLOCKED);
    giveUp();
    host.answers("stream.cancel-write", CopyResult.CANCELLED);
    expect(writer.writeOne(1)).toBe(false);
    expect(since()).toBe("stream.write waitable-set.wait waitable.join stream.cancel-write waitable.join");
    mark();
    expect(writer.writeOne(2)).toBe(false);
    expect(writer.writeFrom(BUFFER, 2)).toBe(0);
    expect(since()).toBe("");
  });

  it("write-cancelled-and-taken: taken is taken", () => {
    const writer = openWriter();
    host.answers("stream.write", BLOCKED);
    giveUp();
    host.answers("stream.cancel-write", ONE_ITEM | CopyResult.CANCELLED);
    expect(writer.writeOne(1)).toBe(true);
  });

  it("start-write-cancelled: the slot stays as it is, for it is lent", () => {
    const writer = openWriter();
    host.answers("stream.write", BLOCKED);
    writer.start(5);
    giveUp();
    expect(writer.writeOne(6)).toBe(false);
    host.answers("stream.cancel-write", CopyResult.CANCELLED);
    writer.cancel();
    expect(writer.value).toBe(5);
  });

  it("many-cancelled-without: 0 items", () => {
    const writer = openWriter();
    host.answers("stream.write", BLOCKED);
    giveUp();
    host.answers("stream.cancel-write", CopyResult.CANCELLED);
    expect(writer.writeFrom(BUFFER, 4)).toBe(0);
  });

  it("many-cancelled: what was taken until then counts", () => {
    const writer = openWriter();
    host.answers("stream.write", BLOCKED);
    giveUp();
    host.answers("stream.cancel-write", ONE_ITEM | CopyResult.CANCELLED);
    expect(writer.writeFrom(BUFFER, 4)).toBe(1);
    host.answers("stream.write", BLOCKED);
    expect(writer.writeFrom(BUFFER, 4)).toBe(0);
  });

  it("future-read-cancelled: 0 in place of the number; the copy goes on until the end is closed", () => {
    const reader = openFutureReader();
    host.answers("future.read", BLOCKED);
    giveUp();
    expect(reader.read()).toBe(0);
    expect(reader.read()).toBe(0);
    mark();
    host.answers("future.cancel-read", CopyResult.CANCELLED);
    reader.close();
    expect(since()).toBe("waitable.join future.cancel-read waitable.join future.drop-readable");
  });

  it("future-start-read-cancelled, future-read: a value that has come is given", () => {
    const reader = openFutureReader();
    host.answers("future.read", BLOCKED);
    reader.start();
    host.event(FUTURE_READ, FUTURE_READER, CopyResult.COMPLETED);
    host.brings<u32>(4);
    expect(reader.read()).toBe(4);
    heard();
    expect(reader.read()).toBe(4);
  });

  it("cancelled-future-read: asks nobody", () => {
    const reader = openFutureReader();
    heard();
    expect(reader.read()).toBe(0);
    expect(since()).toBe("");
  });

  it("future-write-cancelled: it is waited for to its end, for the future has to be written", () => {
    const writer = openFutureWriter();
    host.answers("future.write", BLOCKED);
    giveUp();
    host.event(FUTURE_WRITE, FUTURE_WRITER, CopyResult.COMPLETED);
    expect(writer.write(3)).toBe(true);
    expect(isCancelled()).toBe(true);
  });

  it("call-wait-cancelled: the call goes on; its result is waited for to its end", () => {
    const call = begunCall();
    giveUp();
    call.wait();
    expect(call.isOpen).toBe(true);
    host.event(SUBTASK, CALL, RETURNED);
    call.take();
    expect(since()).toBe("waitable-set.wait waitable-set.wait subtask.drop");
    expect(isCancelled()).toBe(true);
  });

  it("call-take-cancelled: the cancellation is noted, and the wait goes on", () => {
    const call = begunCall();
    giveUp();
    host.event(SUBTASK, CALL, RETURNED);
    call.take();
    expect(isCancelled()).toBe(true);
  });

  it("call-cancelled: one that gives nothing back is cancelled, in no set, and dropped", () => {
    giveUp();
    host.answers("subtask.cancel", CANCELLED_BEFORE_RETURNED);
    awaitSubtaskOrCancel(STARTED | (CALL << 4));
    expect(since().replace("waitable-set.new ", "")).toBe(
      "waitable.join waitable-set.wait waitable.join subtask.cancel subtask.drop",
    );
    const left = host.calls().split(" ").length - 3;
    expect(host.argument(left, 0)).toBe(CALL);
    expect(host.argument(left, 1)).toBe(0);
  });

  it("call-returns: it is not cancelled", () => {
    host.event(SUBTASK, CALL, STARTED);
    host.event(SUBTASK, CALL, RETURNED);
    awaitSubtaskOrCancel(CALL << 4);
    expect(since().replace("waitable-set.new ", "")).toBe(
      "waitable.join waitable-set.wait waitable-set.wait subtask.drop",
    );
    mark();
    awaitSubtaskOrCancel(RETURNED);
    expect(since()).toBe("");
  });

  it("call-with-a-result-cancelled: waited for to its end", () => {
    giveUp();
    host.event(SUBTASK, CALL, RETURNED);
    awaitSubtask(STARTED | (CALL << 4));
    expect(isCancelled()).toBe(true);
  });

  it("wait-any-cancelled: none, and both are in their own sets again", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    reader.start();
    const call = begunCall();
    giveUp();
    expect(waitAny(reader, call)).toBe(-1);
    expect(since().replace("waitable-set.new ", "")).toBe(
      "waitable.join waitable.join waitable-set.wait waitable.join waitable.join",
    );
    mark();
    expect(waitAny(reader, call)).toBe(-1);
    expect(since()).toBe("waitable.join waitable.join waitable.join waitable.join");
  });

  it("cancelled-wait-any: one that has settled is answered", () => {
    heard();
    const writer = openWriter();
    host.answers("stream.write", ONE_ITEM);
    writer.start(1);
    expect(waitAny(writer)).toBe(0);
  });

  it("pause-cancelled: heard", () => {
    pause();
    expect(isCancelled()).toBe(false);
    host.answers("thread.yield", TASK_CANCELLED);
    pause();
    expect(isCancelled()).toBe(true);
  });

  it("hold-cancelled-heed: what is waited for meanwhile is waited for to its end", () => {
    const reader = openReader();
    holdCancellation();
    holdCancellation();
    heedCancellation();
    host.answers("stream.read", BLOCKED);
    giveUp();
    host.event(STREAM_READ, READER, ONE_ITEM);
    host.brings<u32>(2);
    expect(reader.next()).toBe(true);
    expect(isCancelled()).toBe(false);
    heedCancellation();
    expect(isCancelled()).toBe(true);
    expect(() => {
      heedCancellation();
    }).toThrow();
  });

  it("hold-cancelled-answer: the answer counts, and the task does not end cancelled", () => {
    const writer = openWriter();
    holdCancellation();
    host.answers("stream.write", BLOCKED);
    giveUp();
    host.event(STREAM_WRITE, WRITER, ONE_ITEM);
    expect(writer.writeOne(1)).toBe(true);
    noteAnswered();
    heedCancellation();
    expect(isCancelled()).toBe(false);
    expect(endsCancelled()).toBe(false);
  });

  it("cancelled-end: the task ends without an answer, and the next one knows nothing of it", () => {
    heard();
    holdCancellation();
    expect(endsCancelled()).toBe(true);
    endCancelled();
    expect(since()).toBe("task.cancel");
    expect(isCancelled()).toBe(false);
    expect(endsCancelled()).toBe(false);
    endCancelled();
    expect(since()).toBe("task.cancel");
    heard();
    expect(isCancelled()).toBe(true);
  });

  it("cancelled-resolve: the ends of an answer that nobody is given are done, and are not dropped", () => {
    const stream = openWriter();
    const future = openFutureWriter();
    mark();
    stream.openDone();
    future.openDone();
    expect(stream.done).toBe(true);
    expect(stream.writeOne(1)).toBe(false);
    expect(future.write(1)).toBe(false);
    stream.close();
    future.close();
    expect(since()).toBe("");
  });
});
