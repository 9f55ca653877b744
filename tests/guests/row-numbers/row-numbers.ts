/** Guests of numbers. */
import { add, boom, floats, gen, pass, sum, take, twice } from "./bindings/test-row-numbers";

export function runGen(task: gen.Task): void {
  const output = task.resolve();
  let n: u32 = 0;
  while (output.writeOne(++n)) {}
}

export function runTake(task: take.Task): void {
  const input = task.x;
  const n = task.n;
  const output = task.resolve();
  for (let i: u32 = 0; i < n && input.next(); i++) if (!output.writeOne(input.value)) return;
}

export function runPass(task: pass.Task): void {
  task.resolve(task.x);
}

export function runAdd(task: add.Task): void {
  const x = task.x;
  const y = task.y;
  const output = task.resolve();
  while (x.next() && y.next()) if (!output.writeOne(x.value + y.value)) return;
}

export function runBoom(task: boom.Task): void {
  const input = task.x;
  const output = task.resolve();
  for (let i: u32 = 0; input.next(); i++) {
    if (i == 2) unreachable();
    if (!output.writeOne(input.value)) return;
  }
}

export function runSum(task: sum.Task): void {
  const input = task.x;
  let total: u32 = 0;
  while (input.next()) total += input.value;
  task.resolve(total);
}

export function runTwice(task: twice.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) if (!output.writeOne(input.value)) return;
}

export function runFloats(task: floats.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) if (!output.writeOne(input.value)) return;
}
