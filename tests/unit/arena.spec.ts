/** The arena: blocks one after the other, what a region has room for, and what calls and tasks give back. */
import {
  ARENA_BYTES,
  beginCall,
  beginTask,
  endCall,
  endTask,
  mark,
  reallocBlock,
  releaseTo,
  takeBlock,
  useTaskRegion,
} from "../../assembly";
import { ARENA_NEED, currentRegion, enterRegion, leaveRegion, useRegion } from "../../assembly/arena";

const OTHER_REGION: usize = memory.data(512, 8);
/** The word in front of the first block, padded so that the block is 8-aligned. */
const FIRST: usize = 8;

/** The task's region, empty. */
function taskRegion(): usize {
  useTaskRegion();
  return currentRegion();
}

/** Takes a block that is longer than what the region has room for; closures are not to be had. */
function overfill(): void {
  takeBlock(ARENA_BYTES - FIRST + 3);
}

describe("an arena that nothing has used", () => {
  it("has 512 bytes, which one block may fill; three bytes more trap, and 3 stands at address 0", () => {
    expect(ARENA_BYTES).toBe(512);
    expect(overfill).toThrow();
    expect(load<u32>(0)).toBe(3);
    expect(<usize>ARENA_NEED).toBe(0);
    expect(takeBlock(ARENA_BYTES - FIRST) % 8).toBe(0);
    expect(() => {
      takeBlock(0);
    }).toThrow();
  });
});

describe("the arena", () => {
  beforeEach(() => {
    endTask();
  });

  it("one block after the other, each behind its length", () => {
    const first = takeBlock(5);
    expect(first).toBe(taskRegion() + FIRST);
    expect(load<u32>(first - 4)).toBe(5);
    expect(takeBlock(12)).toBe(first);
    expect(takeBlock(0)).toBe(first + 16);
    expect(takeBlock(1)).toBe(first + 24);
  });

  it("a region that is entered holds as much, and the one before goes on where it stood", () => {
    const first = taskRegion();
    takeBlock(16);
    expect(() => {
      enterRegion(OTHER_REGION);
      takeBlock(ARENA_BYTES - FIRST + 1);
    }).toThrow();
    leaveRegion();
    enterRegion(OTHER_REGION);
    expect(takeBlock(ARENA_BYTES - FIRST)).toBe(OTHER_REGION + FIRST);
    leaveRegion();
    expect(currentRegion()).toBe(first);
    expect(takeBlock(1)).toBe(first + FIRST + 24);
  });

  it("a region holds what it has room for, wherever it is", () => {
    useRegion(OTHER_REGION);
    expect(overfill).toThrow();
    expect(takeBlock(ARENA_BYTES - FIRST)).toBe(OTHER_REGION + FIRST);
  });

  it("the block taken last changes its length where it is; another one traps", () => {
    const block = reallocBlock(0, 0, 32);
    expect(reallocBlock(block, 32, 7)).toBe(block);
    expect(load<u32>(block - 4)).toBe(7);
    expect(takeBlock(1)).toBe(block + 16);
    expect(() => {
      reallocBlock(currentRegion() + FIRST, 7, 8);
    }).toThrow();
  });

  it("releaseTo gives back what was taken since the mark", () => {
    takeBlock(8);
    const before = mark();
    const block = takeBlock(8);
    releaseTo(before);
    expect(takeBlock(20)).toBe(block);
  });

  it("a call while a task waits gives back its own blocks, its parameters too, and none of the task's", () => {
    beginTask();
    takeBlock(8);
    const param = reallocBlock(0, 0, 4);
    beginCall(param);
    takeBlock(8);
    endCall();
    expect(takeBlock(8)).toBe(param);
  });

  it("a call without parameters in memory gives back what it took", () => {
    beginTask();
    takeBlock(8);
    beginCall(0);
    const block = takeBlock(8);
    endCall();
    expect(takeBlock(8)).toBe(block);
  });

  it("all stays when the host has taken a block meanwhile: it may be an item of the task", () => {
    beginTask();
    beginCall(0);
    const item = reallocBlock(0, 0, 8);
    endCall();
    expect(takeBlock(8)).toBe(item + 16);
  });

  it("all stays when another region is current than when the call began", () => {
    beginTask();
    beginCall(0);
    useRegion(OTHER_REGION);
    takeBlock(8);
    endCall();
    expect(takeBlock(8)).toBe(OTHER_REGION + FIRST + 16);
  });

  it("a call without a task gives back the whole region, and makes the task's the current one", () => {
    beginTask();
    endTask();
    useRegion(OTHER_REGION);
    beginCall(0);
    takeBlock(8);
    endCall();
    const region = currentRegion();
    expect(region).not.toBe(OTHER_REGION);
    expect(takeBlock(8)).toBe(taskRegion() + FIRST);
  });
});
