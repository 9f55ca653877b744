import { count } from "./bindings/late";

let turns: u32 = 0;

export function runCount(task: count.Task): void {
  let items: u32 = 0;
  while (task.x.next()) {
    assert(task.x.value !== 1);
    while (task.x.value === 2) turns++;
    items++;
  }
  task.resolve(items);
}
