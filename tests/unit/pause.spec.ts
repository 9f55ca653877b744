/** Letting others go on. */
import { pause } from "../../assembly";
import { host } from "../../spec";

describe("pause", () => {
  it("pause-pause: yields each time, and touches no waitable set", () => {
    host.reset();
    pause();
    pause();
    expect(host.calls()).toBe("thread.yield thread.yield");
  });
});
