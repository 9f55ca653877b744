/** Waiting for whichever of several settles first. */
import { Subtask, waitAny } from "../../assembly";
import { noteWaitingForAny, waitingForAny } from "../../assembly/task/waiting";
import { BLOCKED, CopyResult } from "../../assembly/abi/copy-result";
import { FUTURE_READ, STREAM_READ, STREAM_WRITE, host } from "../../spec";
import { FUTURE_READER, openFutureReader } from "./futures";
import { READER, WRITER, frameReader, openReader, openWriter } from "./operations";

const ONE_ITEM: u32 = 1 << 4;
const SUBTASK: u32 = 1;
const STARTING: u32 = 0;
const STARTED: u32 = 1;
const RETURNED: u32 = 2;
const CANCELLED_BEFORE_STARTED: u32 = 3;
const CANCELLED_BEFORE_RETURNED: u32 = 4;
/** The handle of the call's subtask. */
const CALL: u32 = 31;

const PLACES_LENGTH = 96;
const PLACES: usize = memory.data(96, 4);

/** One of eight subtasks; closures are not to be had. */
function subtask(index: i32 = 0): Subtask {
  return changetype<Subtask>(PLACES + <usize>index * 12);
}

/** The call, begun and not yet returned. */
function begunCall(): Subtask {
  expect(subtask().begin(STARTING | (CALL << 4))).toBe(false);
  return subtask();
}

let seen: i32 = 0;

/** Forgets the calls so far. */
function mark(): void {
  seen = host.calls().length;
}

/** The calls since `mark`. */
function since(): string {
  return host.calls().slice(seen).trim();
}

const ENTER = "waitable.join waitable.join";
const LEAVE = "waitable-set.poll waitable.join waitable.join";

/** Waits for the eight that are given, each call in a place of its own. */
function waitForEight(call: Subtask): i32 {
  const idle = subtask(1);
  return waitAny(openReader(), idle, idle, idle, idle, idle, idle, call);
}

/** Begins eight calls, of handles that follow each other, and waits for them. */
function waitForAll(): i32 {
  memory.fill(PLACES, 0, PLACES_LENGTH);
  for (let index = 0; index < 8; index++) subtask(index).begin(STARTED | ((CALL + <u32>index) << 4));
  mark();
  return waitAny(
    subtask(0),
    subtask(1),
    subtask(2),
    subtask(3),
    subtask(4),
    subtask(5),
    subtask(6),
    subtask(7),
  );
}

/** Waits for two; the memory of this call in the source lies behind that of the eight. */
function waitForTwo(): i32 {
  return waitAny(subtask(1), subtask(2));
}

describe("waitAny", () => {
  beforeEach(() => {
    host.reset();
    memory.fill(PLACES, 0, PLACES_LENGTH);
  });

  it("read-blocked, call-starting, event of the read: 0, and next takes the item without asking", () => {
    const reader = openReader();
    const call = begunCall();
    host.answers("stream.read", BLOCKED);
    reader.start();
    host.event(STREAM_READ, READER, ONE_ITEM);
    host.brings<u32>(7);
    mark();
    expect(waitAny(reader, call)).toBe(0);
    expect(since()).toBe(`waitable-set.new ${ENTER} waitable-set.wait ${LEAVE}`);
    mark();
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(7);
    expect(since()).toBe("");
    expect(call.poll()).toBe(false);
  });

  it("each leaves its own set for a common one, and is back in it afterwards", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    reader.start();
    const own = reader.waitables;
    const call = begunCall();
    mark();
    host.event(SUBTASK, CALL, RETURNED);
    const first = host.calls().split(" ").length;
    expect(waitAny(reader, call)).toBe(1);
    const common = host.argument(first, 1);
    expect(host.argument(first, 0)).toBe(READER);
    expect(common == own).toBe(false);
    expect(host.argument(first + 1, 0)).toBe(CALL);
    expect(host.argument(first + 1, 1)).toBe(common);
    expect(host.argument(first + 2, 0)).toBe(common);
    // The call is over, and its handle was dropped.
    expect(since()).toBe(`${ENTER} waitable-set.wait subtask.drop waitable-set.poll waitable.join`);
    const last = host.calls().split(" ").length - 1;
    expect(host.argument(last, 0)).toBe(READER);
    expect(host.argument(last, 1)).toBe(own);
  });

  it("two ends are back in two sets", () => {
    // Without the sets that they have kept.
    memory.fill(frameReader(), 0, 48);
    const reader = openReader();
    const writer = openWriter();
    host.answers("stream.read", BLOCKED);
    reader.start();
    host.answers("stream.write", BLOCKED);
    writer.start(5);
    host.event(STREAM_WRITE, WRITER, ONE_ITEM);
    expect(waitAny(reader, writer)).toBe(1);
    const last = host.calls().split(" ").length - 1;
    expect(host.argument(last - 1, 0)).toBe(READER);
    expect(host.argument(last - 1, 1)).toBe(reader.waitables);
    expect(host.argument(last, 0)).toBe(WRITER);
    expect(host.argument(last, 1)).toBe(writer.waitables);
    expect(writer.waitables == reader.waitables).toBe(false);
  });

  it("call-started is no answer: it waits on", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    reader.start();
    const call = begunCall();
    host.event(SUBTASK, CALL, STARTED);
    host.event(SUBTASK, CALL, RETURNED);
    mark();
    expect(waitAny(reader, call)).toBe(1);
    expect(since()).toBe(
      `${ENTER} waitable-set.wait waitable-set.wait subtask.drop waitable-set.poll waitable.join`,
    );
    call.take();
  });

  it("two events are there: both are taken in, one is answered now and the other one next", () => {
    const reader = openReader();
    const writer = openWriter();
    host.answers("stream.read", BLOCKED);
    reader.start();
    host.answers("stream.write", BLOCKED);
    writer.start(5);
    host.event(STREAM_WRITE, WRITER, ONE_ITEM);
    host.event(STREAM_READ, READER, ONE_ITEM);
    host.brings<u32>(8);
    for (let round = 0; round < 2; round++) {
      const first = waitAny(reader, writer);
      if (!round) expect(first).toBe(0);
      else expect(first).toBe(1);
    }
    expect(host.unused()).toBe(0);
    expect(writer.taken).toBe(true);
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(8);
  });

  it("one that is always ready does not starve one whose event is there", () => {
    const reader = openReader();
    const call = begunCall();
    let others = 0;
    for (let round = 0; round < 4; round++) {
      host.answers("stream.read", ONE_ITEM);
      host.brings<u32>(round);
      reader.start();
      if (round == 1) host.event(SUBTASK, CALL, RETURNED);
      if (waitAny(reader, call) == 0) expect(reader.next()).toBe(true);
      else others++;
      if (round == 2) expect(others).toBe(1);
    }
  });

  it("several that are always ready are answered in turn", () => {
    for (let i = 0; i < 3; i++) subtask(i).begin(RETURNED);
    for (let round = 0; round < 6; round++) {
      expect(waitAny(subtask(0), subtask(1), subtask(2))).toBe(round % 3);
    }
  });

  it("an idle reader, an idle call and a writer that wrote nothing are passed over", () => {
    const reader = openReader();
    const writer = openWriter();
    const call = begunCall();
    host.event(SUBTASK, CALL, RETURNED);
    expect(waitAny(reader, subtask(1), writer, call)).toBe(3);
    call.take();
  });

  it("an idle end is told that the other one is gone: the event is of nothing in flight, and it waits on", () => {
    const reader = openReader();
    const call = begunCall();
    host.answers("stream.read", ONE_ITEM);
    host.brings<u32>(9);
    reader.next();
    // The scripted host knows no copy that this event could end; so it comes as one
    // of a call's, with the reader's handle.
    host.event(SUBTASK, READER, CopyResult.DROPPED);
    host.event(SUBTASK, CALL, RETURNED);
    expect(waitAny(reader, call)).toBe(1);
    expect(reader.value).toBe(9);
  });

  it("a reader whose writer is gone, and a call that was cancelled, have settled", () => {
    const reader = openReader();
    host.answers("stream.read", CopyResult.DROPPED);
    reader.start();
    expect(waitAny(reader, subtask())).toBe(0);
    expect(reader.next()).toBe(false);
    const call = begunCall();
    host.answers("subtask.cancel", CANCELLED_BEFORE_RETURNED);
    call.cancel();
    expect(waitAny(call)).toBe(0);
  });

  it("a call that was cancelled before it started has settled", () => {
    const call = begunCall();
    host.answers("subtask.cancel", CANCELLED_BEFORE_STARTED);
    call.cancel();
    expect(waitAny(call)).toBe(0);
  });

  it("a future's event is one value", () => {
    const future = openFutureReader();
    const call = begunCall();
    host.answers("future.read", BLOCKED);
    future.start();
    host.event(FUTURE_READ, FUTURE_READER, CopyResult.COMPLETED);
    host.brings<u32>(42);
    expect(waitAny(call, future)).toBe(1);
    expect(future.read()).toBe(42);
    expect(future.done).toBe(true);
  });

  it("a future's event and a stream's in one wait: a value, and an item", () => {
    const future = openFutureReader();
    const reader = openReader();
    host.answers("future.read", BLOCKED);
    future.start();
    host.answers("stream.read", BLOCKED);
    reader.start();
    host.event(STREAM_READ, READER, ONE_ITEM);
    host.brings<u32>(8);
    host.event(FUTURE_READ, FUTURE_READER, CopyResult.COMPLETED);
    host.brings<u32>(42);
    expect(waitAny(future, reader)).toBe(0);
    expect(future.read()).toBe(42);
    mark();
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(8);
    expect(since()).toBe("");
  });

  it("what settled while it was waited for can be cancelled and dropped as ever", () => {
    const reader = openReader();
    const call = begunCall();
    host.answers("stream.read", BLOCKED);
    reader.start();
    host.event(SUBTASK, CALL, RETURNED);
    waitAny(reader, call);
    host.answers("stream.cancel-read", ONE_ITEM | CopyResult.CANCELLED);
    host.brings<u32>(3);
    mark();
    expect(reader.cancel()).toBe(true);
    expect(since()).toBe("waitable.join stream.cancel-read waitable.join");
    reader.drop();
  });

  it("next that blocks, next at once, next with the last item: each gives one item, and a further one asks nobody", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    host.event(STREAM_READ, READER, ONE_ITEM);
    host.brings<u32>(1);
    mark();
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(1);
    expect(since()).toBe("stream.read waitable-set.wait");
    host.answers("stream.read", ONE_ITEM);
    host.brings<u32>(2);
    mark();
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(2);
    expect(since()).toBe("stream.read");
    host.answers("stream.read", ONE_ITEM | CopyResult.DROPPED);
    host.brings<u32>(3);
    expect(reader.next()).toBe(true);
    expect(reader.value).toBe(3);
    mark();
    expect(reader.next()).toBe(false);
    expect(since()).toBe("");
    expect(reader.done).toBe(true);
  });

  it("next of a stream that ends while it is waited for: false", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    reader.start();
    host.event(STREAM_READ, READER, CopyResult.DROPPED);
    mark();
    expect(reader.next()).toBe(false);
    expect(reader.done).toBe(true);
    expect(since()).toBe("waitable-set.wait");
  });

  it("the last event of another wait is of nobody", () => {
    const reader = openReader();
    host.answers("stream.read", BLOCKED);
    host.event(STREAM_READ, READER, ONE_ITEM);
    host.brings<u32>(1);
    reader.next();
    // That event is still in memory, and now the reader is in flight again.
    host.answers("stream.read", BLOCKED);
    reader.start();
    const call = begunCall();
    host.event(SUBTASK, CALL, RETURNED);
    expect(waitAny(reader, call)).toBe(1);
    expect(reader.poll()).toBe(false);
  });

  it("eight at once", () => {
    const reader = openReader();
    const writer = openWriter();
    const call = begunCall();
    host.event(SUBTASK, CALL, RETURNED);
    const other = subtask(1);
    expect(waitAny(reader, writer, other, other, subtask(2), reader, writer, call)).toBe(7);
  });

  it("each of eight is waited for with the others, and answered in its place", () => {
    const eight = "waitable.join ".repeat(8);
    const seven = "waitable.join ".repeat(7).trimEnd();
    for (let index = 0; index < 8; index++) {
      host.event(SUBTASK, CALL + <u32>index, RETURNED);
      expect(waitForAll()).toBe(index);
      // What has returned is in no set any more.
      expect(since().replace("waitable-set.new ", "")).toBe(
        `${eight}waitable-set.wait subtask.drop waitable-set.poll ${seven}`,
      );
    }
  });

  it("nothing in flight and nothing settled: -1, without a wait, and those behind the last answered have lost nothing", () => {
    const reader = openReader();
    for (let round = 0; round < 2; round++) {
      mark();
      const first = waitAny(reader, subtask());
      if (!round) {
        expect(first).toBe(-1);
        expect(since().includes("waitable-set.wait")).toBe(false);
        subtask().begin(RETURNED);
      } else expect(first).toBe(1);
    }
    expect(waitAny(reader)).toBe(-1);
  });

  it("a result that was taken, or that was dropped, is no answer any more", () => {
    const taken = subtask();
    const dropped = subtask(1);
    taken.begin(RETURNED);
    taken.take();
    dropped.begin(RETURNED);
    dropped.forget();
    expect(waitAny(taken)).toBe(-1);
    expect(waitAny(dropped)).toBe(-1);
  });

  it("eight, two, eight, two: no call in the source writes into another's memory", () => {
    for (let round = 0; round < 2; round++) {
      subtask(2).begin(RETURNED);
      expect(waitForTwo()).toBe(1);
      expect(waitForEight(subtask(2))).toBe(7);
    }
  });

  it("while it waits, nobody else may: of a function that is called meanwhile it traps", () => {
    const call = begunCall();
    expect(waitingForAny).toBe(false);
    // No event is scripted, so the host's wait traps, and what it saw stays.
    expect(() => {
      waitAny(subtask());
    }).toThrow();
    expect(waitingForAny).toBe(true);
    mark();
    expect(() => {
      waitAny(subtask());
    }).toThrow();
    expect(since()).toBe("");
    noteWaitingForAny(false);
    host.event(SUBTASK, CALL, RETURNED);
    expect(waitAny(call)).toBe(0);
    expect(waitingForAny).toBe(false);
  });
});
