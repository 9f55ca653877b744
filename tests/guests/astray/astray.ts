/** Passes what is none of its handles, and texts that are not in its memory. */
import * as app from "./bindings/test-astray-app";
import { Port, StreamU8 } from "./bindings/test-astray-app";
import * as outside from "./bindings/test-astray-outside";
import { StreamU32 } from "./bindings/test-astray-outside";


@external("test:astray/outside", "note")
declare function note(ptr: usize, units: usize): void;


@external("[export]test:astray/app", "[task-return]far-text")
declare function returnText(ptr: usize, units: usize): void;

const FAR: usize = 0x10_0000;

export function runFarNote(task: app.farNote.Task): void {
  note(FAR, 4);
  task.resolve();
}

export function runLongNote(task: app.longNote.Task): void {
  note(16, 0x4000_0000);
  task.resolve();
}

export function runFarText(_: app.farText.Task): void {
  returnText(FAR, 4);
}

export function runFarItems(task: app.farItems.Task): void {
  const output = task.resolve();
  const text = new StaticArray<u32>(2);
  text[0] = <u32>FAR;
  text[1] = 4;
  // SAFETY: of an item's layout; what it points to is none of the guest's memory, and that is the point.
  output.writeFrom(changetype<usize>(text), 1);
}

export function runNone(task: app.none.Task): void {
  outside.take(changetype<StreamU8>(99));
  task.resolve();
}

export function runTwice(task: app.twice.Task): void {
  const data = StreamU8.create();
  const readable = StreamU8.readable(data);
  outside.take(readable);
  outside.take(readable);
  task.resolve();
}

export function runBoth(task: app.both.Task): void {
  const data = StreamU8.create();
  const readable = StreamU8.readable(data);
  const both = outside.takeBoth.x();
  both.item0 = readable;
  both.item1 = readable;
  outside.takeBoth(both);
  task.resolve();
}

export function runUnequal(task: app.unequal.Task): void {
  const data = StreamU8.create();
  outside.takeWords(changetype<StreamU32>(changetype<usize>(StreamU8.readable(data))));
  task.resolve();
}

export function runResultTwice(task: app.resultTwice.Task): void {
  const data = StreamU8.create();
  const readable = StreamU8.readable(data);
  task.output.item0 = readable;
  task.output.item1 = readable;
  task.resolve(task.output);
}

export function runMany(task: app.many.Task): void {
  for (let i = 0; i < 20; i++) outside.give();
  task.resolve();
}

export function runItems(task: app.items.Task): void {
  const output = task.resolve();
  output.writeOne(changetype<Port>(77));
}

export function runOwnOfLent(task: app.ownOfLent.Task): void {
  task.resolve(task.x);
}

export function runLeave(task: app.leave.Task): void {
  outside.give();
  task.resolve();
}

export function runAsking(task: app.asking.Task): void {
  const output = task.resolve();
  for (;;) {
    // SAFETY: no element, so no address is looked at.
    task.x.readInto(0, 0);
    if (!task.x.next()) break;
    // SAFETY: as above.
    output.writeFrom(0, 0);
    output.writeOne(task.x.value);
  }
}
