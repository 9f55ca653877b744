/** Strings and lists through every position of the bindings. */
import {
  Entry,
  List3U16,
  ListStaticArrayU16,
  Note,
  OptionString,
  TupleListStringU32,
  entries,
  laterEntry,
  laterText,
  repeatResult,
  texts,
  zip,
} from "./bindings/test-texts-echo";
import { ask, join } from "./bindings/test-texts-outside";
import { ListString, asking } from "./bindings/texts";

export function sameText(x: string): string {
  return x;
}

export function sameBytes(x: StaticArray<u8>): StaticArray<u8> {
  return x;
}

export function sameWide(x: StaticArray<u64>): StaticArray<u64> {
  return x;
}

export function sameEntry(x: Entry): Entry {
  return x;
}

export function sameNote(x: Note): Note {
  return x;
}

export function sameMaybe(x: OptionString): OptionString {
  return x;
}

export function sameLists(x: ListStaticArrayU16): ListStaticArrayU16 {
  return x;
}

export function sameThree(x: List3U16): List3U16 {
  return x;
}

export function repeat(text: string, count: u32): TupleListStringU32 {
  const answer = repeatResult();
  answer.item0.allocate(count);
  for (let i: u32 = 0; i < count; i++) answer.item0[i] = text;
  answer.item1 = count * text.length;
  return answer;
}

export function length(x: string): u32 {
  return x.length;
}

export function runLaterText(task: laterText.Task): void {
  task.resolve(task.x + "!");
}

export function runLaterEntry(task: laterEntry.Task): void {
  const x = task.x;
  x.name = x.name + "?";
  task.resolve(x);
}

export function runTexts(task: texts.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) {
    if (!output.writeOne("<" + input.value + ">")) return;
  }
}

export function runEntries(task: entries.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) {
    const entry = input.value;
    entry.name = entry.name + "#" + entry.tags.length.toString();
    if (!output.writeOne(entry)) return;
  }
}

export function runZip(task: zip.Task): void {
  const x = task.x;
  const y = task.y;
  const output = task.resolve();
  while (x.next()) {
    if (!y.next()) return;
    if (!output.writeOne(x.value + "|" + y.value)) return;
  }
}

export function through(a: string, b: ListString): string {
  const parts = join.b();
  parts.allocate(b.length);
  for (let i = 0; i < b.length; i++) parts[i] = b[i];
  return join(a, parts);
}

export function runAsking(task: asking.Task): void {
  const first = ask.call(task.question);
  task.resolve(first + "/" + ask.call("again"));
}
