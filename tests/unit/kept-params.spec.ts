/** What a call that goes on is passed: copied into a region of the call's own. */
import { enterRegion, leaveRegion } from "../../assembly/arena";
import { keepArray, keepItems } from "../../assembly/task/kept-params";

const REGION: usize = memory.data(512, 8);
const PAIR: usize = memory.data(12, 4);
const ITEMS: usize = memory.data<u16>([11, 12, 13]);

describe("what a call is passed", () => {
  it("items: as many bytes as there are, and the pair names the copy", () => {
    store<usize>(PAIR, ITEMS);
    store<u32>(PAIR, 3, 4);
    store<u32>(PAIR, 0x01010101, 8);
    enterRegion(REGION);
    const copy = keepItems(PAIR, 2);
    leaveRegion();
    expect(load<usize>(PAIR)).toBe(copy);
    expect(copy).toBe(REGION + 8);
    expect(load<u32>(copy - 4)).toBe(6);
    expect(load<u16>(copy, 4)).toBe(13);
    expect(load<u32>(PAIR, 4)).toBe(3);
  });

  it("an array: its length and its items", () => {
    const array: StaticArray<u16> = [21, 22];
    enterRegion(REGION);
    const copy = keepArray(array);
    leaveRegion();
    expect(changetype<usize>(copy)).toBe(REGION + 8);
    expect(copy.length).toBe(2);
    expect(copy[1]).toBe(22);
  });
});
