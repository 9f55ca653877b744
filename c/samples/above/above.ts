import { above } from "./bindings/rill-above-above";

export function run(task: above.Task): void {
  const samples = task.samples;
  const alarms = task.resolve();
  while (samples.next()) {
    if (!alarms.writeOne(samples.value >= 2048)) break;
  }
}
