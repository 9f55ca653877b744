import { StreamU16, pipe } from "./bindings/selfpipe";

/** Both ends of a stream of numbers are this guest's: what is written with one is read with the other. */
export function run(task: pipe.Task): void {
  task.resolve();
  const writer = StreamU16.create();
  const reader = StreamU16.readable(writer).open();
  writer.start(5);
  if (!reader.next() || reader.value != 5) unreachable();
  if (!writer.poll() || !writer.taken) unreachable();
  reader.start();
  if (!writer.writeOne(6)) unreachable();
  if (!reader.next() || reader.value != 6) unreachable();
  writer.start(7);
  if (writer.cancel()) unreachable();
  writer.start(8);
  reader.drop();
  if (!writer.poll() || writer.taken || !writer.done) unreachable();
  writer.drop();
}
