import { ahead, mix } from "./bindings/test-boxes-made";

/** All five are open at once, and each one's item is read behind the others'. */
export function runMix(task: mix.Task): void {
  const box = task.a;
  const names = box.names.open();
  const tags = box.tags.open();
  const lists = box.lists.open();
  const note = box.note.open();
  const pages = box.pages.open();
  const output = task.resolve();
  const said = note.read();
  while (names.next() && tags.next() && lists.next() && pages.next()) {
    const line = said + names.value + tags.value.name + pages.value[0] + lists.value[0].toString();
    if (!output.writeOne(line)) break;
  }
  names.drop();
  tags.drop();
  lists.drop();
  note.drop();
  pages.drop();
}

/** One is open, then three at once, in places and regions that others had before. */
export function runAhead(task: ahead.Task): void {
  const box = task.a;
  box.note.drop();
  const output = task.resolve();
  if (task.turn % 3 == 0) {
    box.tags.drop();
    box.lists.drop();
    box.pages.drop();
    const names = box.names.open();
    for (;;) {
      names.start();
      if (!names.next()) break;
      output.writeOne(names.value);
    }
    names.drop();
  } else if (task.turn % 3 == 1) {
    box.pages.drop();
    const lists = box.lists.open();
    const tags = box.tags.open();
    const names = box.names.open();
    for (;;) {
      names.start();
      tags.start();
      lists.start();
      if (!lists.next() || !names.next() || !tags.next()) break;
      output.writeOne(names.value + tags.value.name + lists.value[0].toString());
    }
    lists.drop();
    tags.drop();
    names.drop();
  } else {
    const names = box.names.open();
    const tags = box.tags.open();
    const lists = box.lists.open();
    tags.drop();
    const pages = box.pages.open();
    for (;;) {
      lists.start();
      names.start();
      pages.start();
      if (!pages.next() || !lists.next() || !names.next()) break;
      output.writeOne(names.value + pages.value[0] + lists.value[0].toString());
    }
    pages.drop();
    names.drop();
    lists.drop();
  }
}
