import { host } from "as-rill/spec";
import { smooth } from "./bindings/my-my-guest-filter";
import { run } from "./my-guest";

/** One call with `samples`, the handle of a stream, as its parameter. */
function call(samples: u32): void {
  const task = host.task<smooth.Task>();
  task.enter(samples);
  run(task);
  task.exit();
}

describe("smooth", () => {
  beforeEach(() => {
    host.reset();
  });

  it("answers with the mean of a sample and the one before", () => {
    const answers = host.reader<u16>();
    call(host.writer<u16>().writeAll([10, 20, 30, 30]).drop().end);
    expect(answers.items).toStrictEqual([5, 15, 25, 30]);
  });

  it("waits for samples that come late", () => {
    const answers = host.reader<u16>();
    call(host.writer<u16>().write(10).later(3).write(20).later(3).drop().end);
    expect(answers.items).toStrictEqual([5, 15]);
  });

  it("ends when its reader leaves", () => {
    const samples = host.writer<u16>().writeAll([10, 20, 30, 30]);
    const answers = host.reader<u16>(2);
    call(samples.end);
    expect(answers.length).toBe(2);
    expect(samples.isGone).toBe(true);
  });
});
