import { Place, takePlace } from "as-rill/assembly";
import { Lowpass, lowpassFilter } from "./bindings/my-res-filters";


@unmanaged
export class State extends Place {
  sum: i32;
  shift: u8;
}

const MOST = 4;
const STATES: usize = memory.data(<i32>(MOST * offsetof<State>()), 4);

function step(state: State, x: i32): i32 {
  state.sum += x - (state.sum >> state.shift);
  return state.sum >> state.shift;
}

export function newLowpass(shift: u8): Lowpass {
  const state = takePlace<State>(STATES, MOST)!;
  state.sum = 0;
  state.shift = shift;
  return Lowpass.of(state);
}

export function lowpassPush(self: State, x: i32): i32 {
  return step(self, x);
}

export function runFilter(task: lowpassFilter.Task): void {
  const state = changetype<State>(task.self);
  const output = task.resolve();
  while (task.samples.next()) {
    if (!output.writeOne(step(state, task.samples.value))) break;
  }
}

export function dropLowpass(self: State): void {
  self.release();
}
