import { average } from "./bindings/my-mavg-filter";

const MOST: u32 = 32;
const last = new StaticArray<f32>(32);

export function run(task: average.Task): void {
  const window = min(max(task.window, 1), MOST);
  const input = task.samples;
  const output = task.resolve();
  let sum: f64 = 0;
  let place: u32 = 0;
  let count: u32 = 0;
  while (input.next()) {
    if (count == window) sum -= last[place];
    else count++;
    last[place] = input.value;
    sum += input.value;
    place = (place + 1) % window;
    if (!output.writeOne(<f32>(sum / count))) break;
  }
}
