/** A call that goes on while the guest does something else. */
import { Subtask } from "../../assembly";
import { host } from "../../spec";

const SUBTASK: u32 = 1;
const STARTING: u32 = 0;
const STARTED: u32 = 1;
const RETURNED: u32 = 2;
const CANCELLED_BEFORE_STARTED: u32 = 3;
const CANCELLED_BEFORE_RETURNED: u32 = 4;
/** The handle of the call's subtask. */
const HANDLE: u32 = 31;

const PLACE: usize = memory.data(12, 4);

let seen: i32 = 0;

/** Forgets the calls so far. */
function mark(): void {
  seen = host.calls().length;
}

/** The calls since `mark`. */
function since(): string {
  return host.calls().slice(seen).trim();
}

/** The subtask; closures are not to be had. */
function subtask(): Subtask {
  return changetype<Subtask>(PLACE);
}

/** Begins a call that answered so, with handle HANDLE. */
function begun(state: u32): Subtask {
  expect(subtask().begin(state | (HANDLE << 4))).toBe(false);
  mark();
  return subtask();
}

describe("a subtask", () => {
  beforeEach(() => {
    host.reset();
    memory.fill(PLACE, 0, 12);
    mark();
  });

  it("where it is: idle, starting, started, returned, taken", () => {
    const call = subtask();
    expect(call.started).toBe(true);
    expect(call.isOpen).toBe(false);
    begun(STARTING);
    expect(call.started).toBe(false);
    expect(call.isOpen).toBe(true);
    host.event(SUBTASK, HANDLE, STARTED);
    call.poll();
    expect(call.started).toBe(true);
    expect(call.isOpen).toBe(true);
    host.event(SUBTASK, HANDLE, RETURNED);
    call.poll();
    expect(call.isOpen).toBe(true);
    call.take();
    expect(call.isOpen).toBe(false);
    expect(call.started).toBe(true);
  });

  it("begin-returned: there at once, no handle, no set", () => {
    expect(subtask().begin(RETURNED)).toBe(true);
    expect(since()).toBe("");
    expect(subtask().poll()).toBe(true);
    expect(subtask().hasResult).toBe(true);
    subtask().take();
    expect(subtask().hasResult).toBe(false);
  });

  it("begin-starting: a set of its own, made once", () => {
    subtask().begin(STARTING | (HANDLE << 4));
    expect(since()).toBe("waitable-set.new waitable.join");
    host.event(SUBTASK, HANDLE, RETURNED);
    subtask().wait();
    mark();
    subtask().begin(STARTED | (HANDLE << 4));
    expect(since()).toBe("waitable.join");
  });

  it("poll: false without an event and for STARTED, true for RETURNED, and the subtask is dropped", () => {
    const call = begun(STARTING);
    expect(call.poll()).toBe(false);
    expect(call.started).toBe(false);
    host.event(SUBTASK, HANDLE, STARTED);
    expect(call.poll()).toBe(false);
    expect(call.started).toBe(true);
    host.event(SUBTASK, HANDLE, RETURNED);
    expect(call.poll()).toBe(true);
    expect(call.poll()).toBe(true);
    expect(since()).toBe("waitable-set.poll waitable-set.poll waitable-set.poll subtask.drop");
  });

  it("take: waits through STARTED to RETURNED", () => {
    const call = begun(STARTING);
    host.event(SUBTASK, HANDLE, STARTED);
    host.event(SUBTASK, HANDLE, RETURNED);
    call.take();
    expect(since()).toBe("waitable-set.wait waitable-set.wait subtask.drop");
  });

  it("take-take: traps", () => {
    subtask().begin(RETURNED);
    subtask().take();
    expect(() => {
      subtask().take();
    }).toThrow();
  });

  it("cancel before the start: no result, and what was passed is the guest's", () => {
    const call = begun(STARTING);
    host.answers("subtask.cancel", CANCELLED_BEFORE_STARTED);
    expect(call.cancel()).toBe(false);
    expect(call.started).toBe(false);
    expect(since()).toBe("waitable.join subtask.cancel subtask.drop");
    expect(() => {
      subtask().take();
    }).toThrow();
  });

  it("cancel after the start: no result, what was passed is the callee's", () => {
    const call = begun(STARTED);
    host.answers("subtask.cancel", CANCELLED_BEFORE_RETURNED);
    expect(call.cancel()).toBe(false);
    expect(call.started).toBe(true);
    expect(call.hasResult).toBe(false);
  });

  it("cancel-returned: the result is there to be taken; a second cancel asks nothing", () => {
    const call = begun(STARTED);
    host.answers("subtask.cancel", RETURNED);
    expect(call.cancel()).toBe(true);
    mark();
    expect(call.cancel()).toBe(true);
    expect(since()).toBe("");
    call.take();
    expect(call.cancel()).toBe(false);
  });

  it("requireIdle: traps while a call goes on, and not after it", () => {
    const call = begun(STARTED);
    expect(() => {
      subtask().requireIdle();
    }).toThrow();
    host.event(SUBTASK, HANDLE, RETURNED);
    call.wait();
    call.requireIdle();
  });

  it("forget: a result that is dropped cannot be taken", () => {
    subtask().begin(RETURNED);
    subtask().forget();
    expect(subtask().hasResult).toBe(false);
    expect(() => {
      subtask().take();
    }).toThrow();
  });
});
