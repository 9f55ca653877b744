import { FutureU16, nest } from "./bindings/nest";

/** A future of each stream's sum. */
export function run(task: nest.Task): void {
  const output = task.resolve();
  while (task.x.next()) {
    const items = task.x.value.open();
    const writer = FutureU16.create();
    const readable = FutureU16.readable(writer);
    const isTaken = output.writeOne(readable) || output.taken;
    if (!isTaken) readable.drop();
    let sum: u16 = 0;
    while (items.next()) sum += items.value;
    items.drop();
    writer.write(sum);
    writer.drop();
  }
}
