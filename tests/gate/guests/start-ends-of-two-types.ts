import { unpack } from "./bindings/boxes";

/** Reads from ends of two types are in flight at once: an item lands where none of the other's lies. */
export function run(task: unpack.Task): void {
  const tags = task.x.tags.open();
  const names = task.x.names.open();
  let total: u32 = 0;
  for (let round = 0; round < 2; round++) {
    names.start();
    tags.start();
    if (!tags.next() || !names.next()) break;
    total += names.value.length + tags.value.name.length;
  }
  tags.drop();
  if (names.next()) total += names.value.length;
  names.drop();
  task.resolve(total);
}
