/** Which of two blocks comes first; either may be none. */
import { lowerBlock } from "../../assembly";

describe("the lower one of two blocks", () => {
  it("is the one that is there", () => {
    expect(lowerBlock(0, 8)).toBe(8);
    expect(lowerBlock(8, 0)).toBe(8);
    expect(lowerBlock(0, 0)).toBe(0);
  });

  it("is the one at the lower address, whichever comes first", () => {
    expect(lowerBlock(8, 16)).toBe(8);
    expect(lowerBlock(16, 8)).toBe(8);
  });
});
