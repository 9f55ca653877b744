/** A guest with tasks side by side that are lent resources, and implement some: for the bindings in C. */
import { Place, takePlace } from "as-rill/assembly";
import { ListUsize, Meter, collect, mergeLater, meterAddLater, sumLater } from "./bindings/my-booths-made";
import * as store from "./bindings/my-booths-store";

/** What a meter remembers. */
@unmanaged
export class State extends Place {
  value: u32;
}

const MOST = 16;
const STATES: usize = memory.data(<i32>(MOST * offsetof<State>()), 4);

function make(value: u32): Meter {
  const state = takePlace<State>(STATES, MOST)!;
  state.value = value;
  return Meter.of(state);
}

function value(meter: usize): u32 {
  return changetype<State>(meter).value;
}

/** Takes the value out of a meter, and ends it. */
function empty(meter: Meter): u32 {
  const value = meter.state<State>().value;
  meter.drop();
  return value;
}

export function newMeter(start: u32): Meter {
  return make(start);
}

export function meterRead(self: State): u32 {
  return self.value;
}

export function dropMeter(self: State): void {
  self.release();
}

export function runMeterAddLater(task: meterAddLater.Task): void {
  const added = store.wait.call(1);
  const state = changetype<State>(task.self);
  state.value += added + task.t.value();
  task.resolve(state.value);
}

export function runMergeLater(task: mergeLater.Task): void {
  const sum = empty(task.left) + empty(task.right);
  task.resolve(make(sum + store.wait.call(2)));
}

export function runSumLater(task: sumLater.Task): void {
  let sum = store.wait.call(3);
  sum += value(task.meters[0]) + value(task.meters[1]);
  for (let i = 0; i < task.tokens.length; i++) sum += task.tokens[i].value();
  task.resolve(sum);
}

export function sum(meters: ListUsize, t: store.Token): u32 {
  let sum = t.value();
  for (let i = 0; i < meters.length; i++) sum += value(meters[i]);
  return sum;
}

export function runCollect(task: collect.Task): void {
  let sum = store.wait.call(4);
  for (let i = 0; i < task.meters.length; i++) sum += empty(task.meters[i]);
  task.resolve(sum);
}
