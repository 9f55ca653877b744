import { pass } from "./bindings/pass";

const buffer = memory.data(6, 2);
const more = memory.data(6, 2);

/** Wrong: writes more items than the buffer holds, and with them what lies behind it. */
export function run(task: pass.Task): void {
  const output = task.resolve();
  for (let i = 0; i < 3; i++) {
    store<u16>(buffer + i * 2, <u16>i);
    store<u16>(more + i * 2, <u16>i);
  }
  output.writeFrom(buffer, 4);
}
