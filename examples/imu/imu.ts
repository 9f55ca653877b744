import { Reading, smooth } from "./bindings/rill-imu-filter";

/** Share of a new reading in the average. */
const SHARE: f32 = 0.125;

/**
 * Low-passes six axes. The average lives in the writer's slot: a record is filled in place and never copied.
 */
export function run(task: smooth.Task): void {
  const input = task.readings;
  const output = task.resolve();
  clear(output.value);
  let share: f32 = 1; // the first reading is the average
  while (input.next()) {
    const reading = input.value;
    const average = output.value;
    average.at = reading.at;
    average.accelerationX += (reading.accelerationX - average.accelerationX) * share;
    average.accelerationY += (reading.accelerationY - average.accelerationY) * share;
    average.accelerationZ += (reading.accelerationZ - average.accelerationZ) * share;
    average.rotationX += (reading.rotationX - average.rotationX) * share;
    average.rotationY += (reading.rotationY - average.rotationY) * share;
    average.rotationZ += (reading.rotationZ - average.rotationZ) * share;
    if (!output.writeOne(average)) break;
    share = SHARE;
  }
}

/** The slot still holds the last average of the call before. */
function clear(average: Reading): void {
  average.accelerationX = 0;
  average.accelerationY = 0;
  average.accelerationZ = 0;
  average.rotationX = 0;
  average.rotationY = 0;
  average.rotationZ = 0;
}
