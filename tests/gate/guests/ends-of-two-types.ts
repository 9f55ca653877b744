import { unpack } from "./bindings/boxes";

/**
 * Ends of two types are open at once, each with an item: they have a region each. Once one is
 * dropped, the other one's items stay whole.
 */
export function run(task: unpack.Task): void {
  const tags = task.x.tags.open();
  const names = task.x.names.open();
  let total: u32 = 0;
  while (names.next() && tags.next()) total += names.value.length + tags.value.name.length;
  tags.drop();
  if (names.next()) total += names.value.length;
  names.drop();
  task.resolve(total);
}
