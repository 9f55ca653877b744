import { host } from "as-rill/spec";
import { Event, events, kind } from "./bindings/my-my-guest-watch";
import { run } from "./my-guest";

/** One call with `samples`, the handle of a stream, as its parameter. */
function call(samples: u32): void {
  const task = host.task<events.Task>();
  task.enter(samples);
  run(task);
  task.exit();
}

describe("events", () => {
  beforeEach(() => {
    host.reset();
  });

  it("one for each stay outside the band", () => {
    const answers = host.reader<Event>();
    call(host.writer<u16>().writeAll([500, 610, 620, 500, 390]).drop().end);
    expect(answers.length).toBe(2);
    expect(answers.at(0).place).toBe(1);
    expect(answers.at(0).kind).toBe(kind.high);
    expect(answers.at(1).place).toBe(4);
    expect(answers.at(1).kind).toBe(kind.low);
    expect(answers.at(1).value).toBe(390);
  });

  it("none inside the band", () => {
    const answers = host.reader<Event>();
    call(host.writer<u16>().writeAll([400, 600]).drop().end);
    expect(answers.length).toBe(0);
  });
});
