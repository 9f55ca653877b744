import { events, kind } from "./bindings/my-my-guest-watch";

const LOW: u16 = 400;
const HIGH: u16 = 600;

/** Writes an event for the first sample of each stay outside the band. */
export function run(task: events.Task): void {
  const input = task.samples;
  const output = task.resolve();
  let isInside = true;
  for (let place: u32 = 0; input.next(); place++) {
    const sample = input.value;
    const wasInside = isInside;
    isInside = sample >= LOW && sample <= HIGH;
    if (isInside || !wasInside) continue;
    const event = output.value; // the slot itself: what is set here is what the host copies
    event.place = place;
    event.kind = sample < LOW ? kind.low : kind.high;
    event.value = sample;
    if (!output.writeOne(event)) break;
  }
}
