/** Answers with what it was given, in every form. */
import { Place, takePlace } from "as-rill/assembly";
import {
  Access,
  ListString,
  OptionString,
  Point,
  ResultStringU32,
  Shape,
  Suit,
  Tally,
  TupleAccessSuitU32,
  TupleOptionStringResultStringU32,
  back,
  laterShape,
  laterText,
  numberLater,
  numbers,
  points,
  sameAccessResult,
  sameMaybeResult,
  ticks,
  wordLater,
  words,
} from "./bindings/test-trip-echo";

export function sameText(x: string): string {
  return x;
}

export function sameBytes(x: StaticArray<u8>): StaticArray<u8> {
  return x;
}

export function sameNumbers(x: StaticArray<i64>): StaticArray<i64> {
  return x;
}

export function sameWords(x: ListString): ListString {
  return x;
}

export function samePoint(x: Point): Point {
  return x;
}

export function sameShape(x: Shape): Shape {
  return x;
}

export function sameAccess(x: Access, y: Suit, z: u32): TupleAccessSuitU32 {
  const answer = sameAccessResult();
  answer.item0 = x;
  answer.item1 = y;
  answer.item2 = z;
  return answer;
}

export function sameMaybe(x: OptionString, y: ResultStringU32): TupleOptionStringResultStringU32 {
  const answer = sameMaybeResult();
  answer.item0.tag = x.tag;
  if (x.tag == 1) answer.item0.some = x.some;
  answer.item1.tag = y.tag;
  if (y.tag == 0) answer.item1.ok = y.ok;
  else answer.item1.error = y.error;
  return answer;
}

/** What a tally remembers. */
@unmanaged
export class Sum extends Place {
  value: u64;
}

const MOST = 16;
const SUMS: usize = memory.data(<i32>(MOST * offsetof<Sum>()), 8);

function make(value: u64): Tally {
  const sum = takePlace<Sum>(SUMS, MOST)!;
  sum.value = value;
  return Tally.of(sum);
}

export function newTally(start: u64): Tally {
  return make(start);
}

export function tallyGet(self: Sum): u64 {
  return self.value;
}

export function tallyAdd(self: Sum, more: u64): void {
  self.value += more;
}

export function tallyJoin(a: Tally, b: Tally): Tally {
  const sum = a.state<Sum>().value + b.state<Sum>().value;
  a.drop();
  b.drop();
  return make(sum);
}

export function dropTally(self: Sum): void {
  self.release();
}

export function sameTally(x: Tally): Tally {
  return x;
}

export function readTally(x: Sum): u64 {
  return x.value;
}

export function tallies(): u32 {
  let count: u32 = 0;
  // SAFETY: the table holds MOST sums.
  for (let i = 0; i < MOST; i++) count += changetype<Sum>(SUMS + i * offsetof<Sum>()).taken;
  return count;
}

export function textLater(task: laterText.Task): void {
  task.resolve(task.x);
}

export function shapeLater(task: laterShape.Task): void {
  task.resolve(task.x);
}

export function passNumbers(task: numbers.Task): void {
  const output = task.resolve();
  while (task.x.next() && output.writeOne(task.x.value)) {}
}

export function passWords(task: words.Task): void {
  const output = task.resolve();
  while (task.x.next() && output.writeOne(task.x.value)) {}
}

export function passPoints(task: points.Task): void {
  const output = task.resolve();
  while (task.x.next() && output.writeOne(task.x.value)) {}
}

export function passTicks(task: ticks.Task): void {
  const output = task.resolve();
  while (task.x.next() && output.writeOne()) {}
}

export function handBack(task: back.Task): void {
  task.resolve(task.x);
}

export function passNumber(task: numberLater.Task): void {
  task.resolve().write(task.x.read());
}

export function passWord(task: wordLater.Task): void {
  task.resolve().write(task.x.read());
}
