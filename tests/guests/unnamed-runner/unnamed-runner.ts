/** Streams within two components at once, and one that goes from the one to the other. */
import { StreamI64, StreamU8 } from "as-rill/pairs";
import { cancelled, futures, made, streams, sum, through, ticks, total } from "./bindings/test-unnamed-ends";
import { run } from "./bindings/wasi-cli-run";

function expect(holds: bool): void {
  if (!holds) unreachable();
}

/** What was written within this guest while the other one ran. */
function within(): void {
  const writer = StreamI64.create();
  const reader = StreamI64.readable(writer).open();
  expect(!reader.start());
  sum.start(100);
  expect(writer.writeOne(-5));
  expect(sum.result() == 4950);
  expect(reader.next() && reader.value == -5);
  writer.drop();
  expect(!reader.next());
  reader.drop();
}

/** A stream that `as-rill/pairs` made goes to another component, whose function has its type. */
function handedOn(): void {
  const writer = StreamU8.create();
  total.start(StreamU8.readable(writer));
  for (let n: u8 = 1; n <= 10; n++) expect(writer.writeOne(n));
  writer.drop();
  expect(total.result() == 55);
  const items = made.call(20);
  for (let n: u8 = 0; n < 20; n++) expect(items.next() && items.value == n);
  expect(!items.next());
  items.drop();
}

export function runRun(task: run.Task): void {
  for (let call = 0; call < 2; call++) {
    expect(through.call(2.5) == 2.5);
    expect(ticks.call(7) == 7);
    expect(cancelled.call() == 3);
    expect(streams.call() == 0);
    expect(futures.call() == 0);
    within();
    handedOn();
  }
  task.resolve(true);
}
