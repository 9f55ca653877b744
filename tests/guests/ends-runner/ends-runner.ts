import {
  FutureString,
  StreamU16,
  StreamU32,
  count,
  flatten,
  pack,
  slow,
  sum,
  twice,
} from "./bindings/test-ends-i";
import { run } from "./bindings/wasi-cli-run";

function expect(holds: bool): void {
  if (!holds) unreachable();
}

/** A future each way, twice over: the frame serves the next call. */
function futures(): void {
  for (let n: u32 = 1; n < 3; n++) {
    const x = twice.x();
    const answer = twice.call();
    expect(x.write(n * 100));
    x.drop();
    expect(answer.read() == n * 200);
    answer.drop();
  }
}

/** Streams in a stream. */
function streams(): void {
  const x = flatten.x();
  const output = flatten.call();
  for (let n: u32 = 0; n < 10; n++) {
    const inner = StreamU32.create();
    expect(x.writeOne(StreamU32.readable(inner)));
    for (let item: u32 = 0; item < n; item++) {
      expect(inner.writeOne(item));
      expect(output.next());
      expect(output.value == item);
    }
    inner.drop();
  }
  x.drop();
  expect(!output.next());
  output.drop();
}

/** A record with a stream and a future comes in, and another one goes out while its call goes on. */
function parcels(): void {
  const parcel = pack.call(20, "ü😀");
  expect(parcel.id == 9);
  const items = parcel.items.open();
  for (let n: u16 = 0; n < 20; n++) expect(items.next() && items.value == n);
  expect(!items.next());
  items.drop();
  const note = parcel.note.open();
  expect(note.read() == "ü😀!");
  note.drop();

  const out = StreamU16.create();
  const more = FutureString.create();
  const given = sum.x();
  given.id = 7;
  given.items = StreamU16.readable(out);
  given.note = FutureString.readable(more);
  expect(!sum.start(given));
  for (let n: u16 = 0; n < 20; n++) expect(out.writeOne(n));
  out.drop();
  expect(more.write("four"));
  more.drop();
  expect(sum.result() == 7 + 190 + 4);
}

/** One call goes on while another waits for its turn, and is cancelled before that comes. */
function calls(): void {
  const gate = slow.gate();
  expect(!slow.start(5));
  expect(!slow.poll());
  const ticks = count.ticks();
  expect(!count.start());
  expect(!count.poll());
  expect(!count.cancel());
  expect(!count.started());
  expect(!ticks.writeOne());
  ticks.drop();
  expect(gate.write());
  gate.drop();
  expect(slow.result() == 5);
  const more = count.ticks();
  expect(!count.start());
  for (let i = 0; i < 3; i++) expect(more.writeOne());
  more.drop();
  expect(count.result() == 3);
}

/** Each of them on a real engine. */
export function main(task: run.Task): void {
  futures();
  streams();
  parcels();
  calls();
  task.resolve(true);
}
