/** Scopes of the arena: what closes give back, and what they leave where it is. */
import {
  ArenaFutureReader,
  beginCall,
  beginTask,
  endCall,
  endTask,
  mark,
  openScope,
  reallocBlock,
  takeBlock,
} from "../../assembly";
import { BLOCKED } from "../../assembly/abi/copy-result";
import { currentRegion, useRegion } from "../../assembly/arena";
import { FutureReadOps } from "./futures";
import { FUTURE_READ, host } from "../../spec";

const COMPLETED: u32 = 0;
/** The handle of the future. */
const FUTURE: u32 = 21;
/** A future's operation, with a string's address and length behind it. */
const FRAME: usize = memory.data(28, 4);
const REGION: usize = memory.data(512, 8);
const OTHER_REGION: usize = memory.data(512, 8);


@unmanaged
class ArenaOps extends FutureReadOps {
  region(_end: usize): usize {
    return REGION;
  }
}

/** What the host lowers through. */
export function cabi_realloc(ptr: usize, oldLength: usize, _alignment: usize, newLength: usize): usize {
  return reallocBlock(ptr, oldLength, newLength);
}

/** Opens the future and begins to read it; nothing is there. */
function begun(): ArenaFutureReader<string, ArenaOps> {
  const reader = changetype<ArenaFutureReader<string, ArenaOps>>(FRAME);
  reader.open(FUTURE);
  host.answers("future.read", BLOCKED);
  reader.start();
  return reader;
}

describe("a scope", () => {
  beforeEach(() => {
    host.reset();
    endTask();
  });

  it("open-take-close, a thousand times: the arena stands where it stood", () => {
    const before = mark();
    for (let i = 0; i < 1000; i++) {
      const scope = openScope();
      takeBlock(100);
      scope.close();
    }
    expect(mark()).toBe(before);
  });

  it("take-open-close: what was made before the scope stays", () => {
    takeBlock(8);
    const before = mark();
    openScope().close();
    expect(mark()).toBe(before);
  });

  it("open-open-close-close: each gives back its own", () => {
    const first = mark();
    const outer = openScope();
    takeBlock(8);
    const second = mark();
    const inner = openScope();
    takeBlock(8);
    inner.close();
    expect(mark()).toBe(second);
    takeBlock(8);
    outer.close();
    expect(mark()).toBe(first);
  });

  it("open-close-take-close: a second close gives back what came since the first", () => {
    const before = mark();
    const scope = openScope();
    takeBlock(8);
    scope.close();
    takeBlock(8);
    scope.close();
    expect(mark()).toBe(before);
  });

  it("open-next-close: what an end's next has made current stays, in either direction of addresses", () => {
    for (let i = 0; i < 2; i++) {
      useRegion(i ? REGION : OTHER_REGION);
      const scope = openScope();
      useRegion(i ? OTHER_REGION : REGION);
      takeBlock(8);
      const after = mark();
      scope.close();
      expect(mark()).toBe(after);
    }
  });

  it("open-next-close: the same region used anew keeps what lies there now", () => {
    useRegion(REGION);
    const scope = openScope();
    takeBlock(8);
    useRegion(REGION);
    takeBlock(100);
    const after = mark();
    scope.close();
    expect(mark()).toBe(after);
  });

  it("open-next-open-close-close: the inner one alone gives back", () => {
    useRegion(REGION);
    const outer = openScope();
    useRegion(REGION);
    takeBlock(100);
    const item = mark();
    const inner = openScope();
    takeBlock(8);
    inner.close();
    expect(mark()).toBe(item);
    outer.close();
    expect(mark()).toBe(item);
  });

  it("start-open-land-close: an item that landed in the scope stays; what comes behind it does not", () => {
    const reader = begun();
    const scope = openScope();
    takeBlock(8);
    reallocBlock(0, 0, 8);
    const landed = mark();
    host.event(FUTURE_READ, FUTURE, COMPLETED);
    scope.close();
    expect(mark()).toBe(landed);
    takeBlock(8);
    scope.close();
    expect(mark()).toBe(landed);
    expect(reader.read().length).toBe(0);
    reader.close();
  });

  it("start-land-open-close: what landed before is no reason to keep what came in the scope", () => {
    const reader = begun();
    reallocBlock(0, 0, 8);
    host.event(FUTURE_READ, FUTURE, COMPLETED);
    const landed = mark();
    const scope = openScope();
    takeBlock(8);
    scope.close();
    expect(mark()).toBe(landed);
    reader.close();
  });

  it("call while a task waits: what was made is given back, but not when the host has lowered something", () => {
    beginTask();
    takeBlock(8);
    beginCall(0);
    const before = mark();
    let scope = openScope();
    takeBlock(8);
    scope.close();
    expect(mark()).toBe(before);
    scope = openScope();
    reallocBlock(0, 0, 8);
    const after = mark();
    scope.close();
    expect(mark()).toBe(after);
    endCall();
    // The task itself gives back what calls have answered it.
    scope = openScope();
    reallocBlock(0, 0, 8);
    scope.close();
    expect(mark()).toBe(after);
  });

  it("call without a task: what the host has lowered is given back", () => {
    beginCall(0);
    const before = mark();
    const scope = openScope();
    reallocBlock(0, 0, 8);
    scope.close();
    expect(mark()).toBe(before);
    endCall();
    expect(currentRegion()).not.toBe(0);
  });
});
