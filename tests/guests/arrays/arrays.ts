/** A guest that passes arrays, alone and in values: for the bindings in C. */
import { Frame, askAll, sums, turnResult } from "./bindings/my-arrays-work";
import * as radio from "./bindings/my-arrays-radio";

export function turn(frame: Frame): Frame {
  const sent = radio.send(frame);
  const output = turnResult();
  for (let i = 0; i < 6; i++) output.to[i] = frame.to[5 - i];
  for (let i = 0; i < 2; i++) output.gains[i] = frame.gains[1 - i] + <f32>sent[i];
  for (let i = 0; i < 2; i++) output.names[i] = frame.names[1 - i] + sent[2].toString();
  for (let i = 0; i < 3; i++) output.bands[i] = frame.bands[2 - i];
  return output;
}

export function runAskAll(task: askAll.Task): void {
  const output = task.output;
  const seen = radio.scan();
  const more = task.first.tag;
  output.allocate(seen.length + more);
  if (more != 0) output[0] = radio.ask.call(task.first.some);
  for (let i = 0; i < seen.length; i++) output[i + more] = radio.ask.call(seen[i]);
  task.resolve(output);
}

export function runSums(task: sums.Task): void {
  const threes = task.threes;
  const output = task.resolve();
  while (threes.next()) {
    const value = output.value;
    const three = threes.value;
    value[0] = <i32>three[0] + <i32>three[1] + <i32>three[2];
    value[1] = -value[0];
    if (!output.writeOne(value)) break;
  }
}
