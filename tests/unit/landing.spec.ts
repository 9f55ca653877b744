/**
 * Futures of strings and calls that go on: whose region is current, and when the task's may be given back.
 */
import { ArenaFutureReader, ArenaSubtask, reallocBlock, useTaskRegion } from "../../assembly";
import { BLOCKED } from "../../assembly/abi/copy-result";
import { currentRegion, useRegion } from "../../assembly/arena";
import { FutureReadOps } from "./futures";
import { host } from "../../spec";

const COMPLETED: u32 = 0;
const CANCELLED: u32 = 2;
const SUBTASK: u32 = 1;
const STARTED: u32 = 1;
const RETURNED: u32 = 2;
/** The handle of the call's subtask. */
const CALL: u32 = 31;
/** The handle of the future. */
const FUTURE: u32 = 21;

/** Two futures of 28 bytes each, then a call of 20. */
const FRAME: usize = memory.data(76, 4);
/** The two futures' regions, then the call's. */
const REGIONS: usize = memory.data(1536, 8);
const REGION_BYTES: usize = 512;


@unmanaged
class ArenaOps extends FutureReadOps {
  region(end: usize): usize {
    return end == FRAME ? REGIONS : REGIONS + REGION_BYTES;
  }
}

/** What the host lowers through. */
export function cabi_realloc(ptr: usize, oldLength: usize, _alignment: usize, newLength: usize): usize {
  return reallocBlock(ptr, oldLength, newLength);
}

/** The first future, or the second. */
function future(index: i32): ArenaFutureReader<string, ArenaOps> {
  return changetype<ArenaFutureReader<string, ArenaOps>>(FRAME + 28 * <usize>index);
}

/** The call. */
function call(): ArenaSubtask {
  return changetype<ArenaSubtask>(FRAME + 56);
}

/** Gives up a read that `begun` has begun: the list of readers outlives each test. */
function ended(reader: ArenaFutureReader<string, ArenaOps>): void {
  host.answers("future.cancel-read", CANCELLED);
  reader.close();
}

/** Opens the first future and begins to read it; nothing is there. */
function begun(): ArenaFutureReader<string, ArenaOps> {
  const reader = future(0);
  reader.open(FUTURE);
  host.answers("future.read", BLOCKED);
  reader.start();
  return reader;
}

describe("a future of a string", () => {
  beforeEach(() => {
    host.reset();
    useTaskRegion();
  });

  it("the first start of a program: the reader is in the list at once, and its region the current one", () => {
    const reader = begun();
    expect(currentRegion()).toBe(REGIONS);
    // Its words at 12 and 16: the region it brings, and the kind of reader.
    expect(load<usize>(FRAME, 12)).not.toBe(0);
    expect(load<usize>(FRAME, 16)).toBe(1);
    ended(reader);
  });

  it("read: its region becomes the current one; a second read leaves the current one alone", () => {
    const reader = future(1);
    reader.open(FUTURE);
    host.answers("future.read", COMPLETED);
    expect(reader.read().length).toBe(0);
    expect(currentRegion()).toBe(REGIONS + REGION_BYTES);
    useTaskRegion();
    const task = currentRegion();
    expect(reader.read().length).toBe(0);
    expect(currentRegion()).toBe(task);
    reader.close();
  });
});

describe("a call that goes on", () => {
  beforeEach(() => {
    host.reset();
    useTaskRegion();
  });

  it("the task's region cannot be given back before its result was taken", () => {
    call().land(REGIONS + 2 * REGION_BYTES);
    call().begin(STARTED | (CALL << 4));
    expect(() => {
      useTaskRegion();
    }).toThrow();
    host.event(SUBTASK, CALL, RETURNED);
    call().wait();
    expect(() => {
      useTaskRegion();
    }).toThrow();
    call().takeLanded();
    useTaskRegion();
  });

  it("what it answers is noted when somebody else asks for a region: it may lie in the current one", () => {
    const answers = REGIONS + 2 * REGION_BYTES;
    useRegion(answers);
    call().land(answers);
    call().begin(STARTED | (CALL << 4));
    host.event(SUBTASK, CALL, RETURNED);
    const reader = begun();
    expect(call().hasResult).toBe(true);
    expect(currentRegion()).not.toBe(answers);
    ended(reader);
    call().takeLanded();
  });

  it("what lands just after it was looked for in vain is looked for again", () => {
    const answers = REGIONS + 2 * REGION_BYTES;
    useRegion(answers);
    call().land(answers);
    call().begin(STARTED | (CALL << 4));
    host.event(0, 0, 0);
    host.lowers(8);
    host.event(SUBTASK, CALL, RETURNED);
    const reader = begun();
    expect(call().hasResult).toBe(true);
    expect(currentRegion()).not.toBe(answers);
    ended(reader);
    call().takeLanded();
  });

  it("a future that is still there does not prevent that", () => {
    const reader = begun();
    call().land(REGIONS + 2 * REGION_BYTES);
    expect(call().begin(RETURNED)).toBe(true);
    call().takeLanded();
    useTaskRegion();
    ended(reader);
  });
});
