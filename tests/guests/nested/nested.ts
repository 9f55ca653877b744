/** Ends of streams and futures as values: read, made, passed on, dropped. */
import * as outside from "./bindings/test-nested-outside";
import { Parcel } from "./bindings/test-nested-outside";
import * as made from "./bindings/test-nested-made";
import { Bytes, OptionFutureString } from "./bindings/test-nested-made";
import { FutureString, FutureStringReader, StreamU16, StreamU32 } from "./bindings/shared-types";

export function runFlatten(task: made.flatten.Task): void {
  const output = task.resolve();
  while (task.x.next()) {
    const inner = task.x.value.open();
    while (inner.next()) output.writeOne(inner.value);
    inner.drop();
  }
}

export function runSplit(task: made.split.Task): void {
  const output = task.resolve();
  for (let first: u32 = 0; first < task.n; first += max(1, task.each)) {
    const writer = StreamU32.create();
    const readable = StreamU32.readable(writer);
    const isTaken = output.writeOne(readable) || output.taken;
    if (!isTaken) readable.drop();
    for (let i: u32 = 0; isTaken && i < task.each && writer.writeOne(first + i);) i++;
    writer.drop();
    if (!isTaken) break;
  }
}

export function runTexts(task: made.texts.Task): void {
  const output = task.resolve();
  while (task.x.next()) {
    const text = task.x.value.open();
    output.writeOne(text.read() + ".");
    text.drop();
  }
}

export function runPass(task: made.pass.Task): void {
  const answer = task.resolve();
  const stream = task.x.read();
  if (!answer.write(stream)) stream.drop();
}

export function runSum(task: made.sum.Task): void {
  const answer = task.output;
  const items = task.x.items.open();
  const note = task.x.note.open();
  answer.item0 = task.x.id;
  answer.item1 = 0;
  while (items.next()) answer.item1 += items.value;
  answer.item2 = note.read();
  task.resolve(answer);
  items.drop();
  note.drop();
}

export function runPack(task: made.pack.Task): void {
  const parcel = task.output;
  const items = StreamU16.create();
  const note = FutureString.create();
  parcel.id = 7;
  parcel.items = StreamU16.readable(items);
  parcel.note = FutureString.readable(note);
  task.resolve(parcel);
  for (let i: u32 = 0; i < task.n; i++) items.writeOne(<u16>i);
  items.drop();
  note.write(task.note);
  note.drop();
}

export function runLists(task: made.lists.Task): void {
  const lengths = new StaticArray<u32>(task.x.length);
  for (let i = 0; i < task.x.length; i++) {
    const stream = task.x[i].open();
    while (stream.next()) lengths[i]++;
    stream.drop();
  }
  task.resolve(lengths);
}

export function runChoose(task: made.choose.Task): void {
  let answer = "";
  let kept: FutureStringReader | null = null;
  if (task.x.tag == 0) {
    const numbers = task.x.numbers.open();
    let sum: u32 = 0;
    while (numbers.next()) sum += numbers.value;
    answer = sum == 6 ? "six" : "other";
    numbers.drop();
  } else if (task.x.tag == 1) {
    const text = task.x.text.open();
    answer = text.read();
    // The text lives as long as the end's place is not used for another.
    kept = text;
  }
  if (task.y.tag == 1) task.y.some.drop();
  if (task.z.tag == 0) {
    const text = task.z.ok.open();
    answer += text.read();
    text.drop();
  } else {
    const ticks = task.z.error.open();
    while (ticks.next()) answer += "|";
    ticks.drop();
  }
  task.resolve(answer);
  if (kept) kept.drop();
}

export function runSwap(task: made.swap.Task): void {
  task.output.item0 = task.x.item1;
  task.output.item1 = task.x.item0;
  task.resolve(task.output);
}

export function runCrowd(task: made.crowd.Task): void {
  for (let i = 0; i < task.x.length; i++) task.x[i].open();
  task.resolve();
}

export function handBack(x: Bytes): Bytes {
  return x;
}

export function throwAway(x: Parcel): void {
  x.items.drop();
  x.note.drop();
}

// SAFETY: 4 static bytes of this file's own.
const KEPT: usize = memory.data(4, 4);

export function keep(x: Bytes): void {
  // SAFETY: as above; an operation stays where it is until its drop.
  store<usize>(KEPT, changetype<usize>(x.open()));
}

export function runNextKept(task: made.nextKept.Task): void {
  // SAFETY: `keep` left it there.
  const kept = changetype<made.BytesReader>(load<usize>(KEPT));
  task.output.tag = 0;
  if (kept) {
    if (kept.next()) {
      task.output.tag = 1;
      task.output.some = kept.value;
    } else {
      kept.drop();
      // SAFETY: as above.
      store<usize>(KEPT, 0);
    }
  }
  task.resolve(task.output);
}

export function runLeave(task: made.leave.Task): void {
  task.x.start();
  task.resolve();
}

export function runLeaveTokens(task: made.leaveTokens.Task): void {
  task.x.start();
  task.resolve();
}

export function runLeaveLists(task: made.leaveLists.Task): void {
  task.x.start();
  task.resolve();
}

export function runLeavePairs(task: made.leavePairs.Task): void {
  task.x.start();
  task.resolve();
}

export function runLeaveValue(task: made.leaveValue.Task): void {
  task.x.start();
  task.resolve();
}

export function runOffer(task: made.offer.Task): void {
  const output = task.resolve();
  const writer = Bytes.create();
  const readable = Bytes.readable(writer);
  if (output.start(readable) && !output.taken) readable.drop();
  output.drop();
  writer.drop();
}

export function runThrough(task: made.through.Task): void {
  const parcel = outside.give.call(task.n);
  const one = StreamU32.create();
  const list = outside.take.more();
  list.allocate(1);
  list[0] = StreamU32.readable(one);
  const answer = outside.take.call(parcel, list);
  one.writeOne(5);
  one.drop();
  task.resolve(answer);
}

export function throughSwap(x: OptionFutureString): OptionFutureString {
  return outside.swap(x);
}
