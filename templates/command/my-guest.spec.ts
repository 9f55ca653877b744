import { TestReader, host } from "as-rill/spec";
import { run } from "./bindings/wasi-cli-run";
import { lineEnds, runRun } from "./my-guest";

/** One run with `input` as standard input. @returns what it prints */
function call(input: u32): TestReader<u8> {
  const written = host.writer<u8>().write(0); // the result of writing: ok
  host.returnsValue<u64>("read-via-stream", ((<u64>host.writer<u8>().end) << 32) | input);
  host.returnsValue<u32>("write-via-stream", written.end);
  const output = host.reader<u8>();
  const task = host.task<run.Task>();
  task.enter();
  runRun(task);
  task.exit();
  return output;
}

/** The bytes as text. */
function text(bytes: Array<u8>): string {
  return String.UTF8.decodeUnsafe(bytes.dataStart, bytes.length);
}

describe("the command", () => {
  beforeEach(() => {
    host.reset();
  });

  it("prints how many lines it read, in however many parts they come", () => {
    const input = host.writer<u8>().writeAll([97, 10, 98]).later().writeAll([10, 10]).drop();
    expect(text(call(input.end).items)).toBe("3\n");
    expect(host.answered<u32>()).toBe(0);
    expect(input.isGone).toBe(true);
  });

  it("prints 0 when there is no input", () => {
    expect(text(call(host.writer<u8>().drop().end).items)).toBe("0\n");
  });
});

describe("lineEnds", () => {
  it("counts them", () => {
    const bytes = String.UTF8.encode("a\nb\n\nc");
    expect(lineEnds(changetype<usize>(bytes), bytes.byteLength)).toBe(3);
  });
});
