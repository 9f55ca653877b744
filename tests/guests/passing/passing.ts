import { made } from "as-rill/assembly";
import {
  alone,
  back,
  both,
  later,
  madeHere,
  pack,
  rest,
  scaled,
  sink,
  through,
} from "./bindings/my-passing-pass";
import { StreamSample } from "./bindings/my-passing-types";
import { FutureU32, StreamU32 } from "./bindings/pairs";
import * as next from "./bindings/my-passing-next";

export function runSink(task: sink.Task): void {
  next.consume.call(task.x);
  task.resolve();
}

export function runBack(task: back.Task): void {
  task.resolve(task.x);
}

export function runLater(task: later.Task): void {
  task.resolve(task.y);
}

export function runThrough(task: through.Task): void {
  task.resolve(next.relay.call(task.x));
}

export function runScaled(task: scaled.Task): void {
  const input = next.scale.x();
  const output = next.scale.call(3, made, task.atMost);
  input.drop();
  let sum: u32 = 0;
  while (output.next()) sum += output.value;
  output.drop();
  task.resolve(sum);
}

export function runRest(task: rest.Task): void {
  if (task.x.next() && !task.x.done) task.resolve(task.x);
  else task.resolve();
}

export function runPack(task: pack.Task): void {
  const parcel = next.keep.p();
  parcel.id = 5;
  parcel.samples = StreamSample.of(task.x);
  task.output.id = next.keep(parcel);
  task.output.samples = StreamSample.of(task.y);
  task.resolve(task.output);
}

export function runBoth(task: both.Task): void {
  const first = next.consume.open();
  const second = next.consume.open();
  first.start(task.x);
  second.start(task.y);
  second.result();
  first.result();
  first.drop();
  second.drop();
  task.resolve();
}

export function runMadeHere(task: madeHere.Task): void {
  const output = StreamU32.create();
  task.resolve(StreamU32.readable(output));
  for (let i: u32 = 0; i < task.n; i++) if (!output.writeOne(i)) break;
  output.drop();
}

export function runAlone(task: alone.Task): void {
  const output = StreamU32.create();
  const input = StreamU32.readable(output).open();
  const sum = FutureU32.create();
  const answer = FutureU32.readable(sum).open();
  let total: u32 = 0;
  for (let i: u32 = 0; i < task.n; i++) {
    input.start();
    if (!output.writeOne(i) || !input.next()) unreachable();
    total += input.value;
  }
  output.drop();
  if (input.next()) unreachable();
  input.drop();
  answer.start();
  sum.write(total);
  task.resolve(answer.read());
  sum.drop();
  answer.drop();
}
