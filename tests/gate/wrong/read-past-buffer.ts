import { sum } from "./bindings/sum";

const buffer = memory.data(8, 4);
const limits = memory.data(32, 4);

/** Wrong: asks for more items than the buffer has room for, which come to lie in what is behind it. */
export function run(task: sum.Task): void {
  store<u32>(limits, 77);
  while (task.x.readInto(buffer, 4)) {}
  task.resolve(load<u32>(limits));
}
