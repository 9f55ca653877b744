/** Sends values through `echo` and traps when something else comes back. */
import {
  ListString,
  Point,
  Shape,
  Tally,
  access,
  back,
  laterShape,
  laterText,
  numberLater,
  numbers,
  points,
  readTally,
  sameAccess,
  sameBytes,
  sameMaybe,
  sameNumbers,
  samePoint,
  sameShape,
  sameTally,
  sameText,
  sameWords,
  suit,
  tallies,
  ticks,
  wordLater,
  words,
} from "./bindings/test-trip-echo";
import { run } from "./bindings/wasi-cli-run";

function text(index: i32): string {
  switch (index % 6) {
    case 0:
      return "";
    case 1:
      return "a";
    case 2:
      return "Zoë";
    case 3:
      return "名前";
    case 4:
      return "😀 and text";
    default:
      return "ends with NUL\0";
  }
}

function texts(): void {
  for (let i = 0; i < 6; i++) {
    assert(sameText(text(i)) == text(i));
    assert(laterText.call(text(i)) == text(i));
  }
  const list = sameWords.x();
  list.allocate(6);
  for (let i = 0; i < 6; i++) list[i] = text(i);
  const back: ListString = sameWords(list);
  assert(back.length == 6);
  for (let i = 0; i < 6; i++) assert(back[i] == text(i));
}

function lists(): void {
  const bytes = new StaticArray<u8>(256);
  for (let i = 0; i < 256; i++) bytes[i] = <u8>i;
  const sameOnes = sameBytes(bytes);
  assert(sameOnes.length == 256);
  for (let i = 0; i < 256; i++) assert(sameOnes[i] == <u8>i);
  assert(sameBytes(new StaticArray<u8>(0)).length == 0);
  const ends = new StaticArray<i64>(3);
  ends[0] = -1;
  ends[1] = i64.MIN_VALUE;
  ends[2] = i64.MAX_VALUE;
  const sameEnds = sameNumbers(ends);
  assert(sameEnds.length == 3);
  for (let i = 0; i < 3; i++) assert(sameEnds[i] == ends[i]);
}

function fill(point: Point, x: i32): Point {
  point.x = x;
  point.y = <f64>x / 3.0;
  point.name = text(x & 7);
  return point;
}

function isPoint(point: Point, x: i32): bool {
  return point.x == x && point.y == <f64>x / 3.0 && point.name == text(x & 7);
}

function shape(place: Shape, tag: u8): Shape {
  place.tag = tag;
  if (tag == 1) place.circle = 0.5;
  if (tag == 2) place.named = "n";
  if (tag == 3) {
    place.many.allocate(2);
    fill(place.many[0], 1);
    fill(place.many[1], 2);
  }
  return place;
}

function isShape(value: Shape, tag: u8): bool {
  if (value.tag != tag) return false;
  if (tag == 1) return value.circle == 0.5;
  if (tag == 2) return value.named == "n";
  return tag != 3 || (value.many.length == 2 && isPoint(value.many[0], 1) && isPoint(value.many[1], 2));
}

function aggregates(): void {
  assert(isPoint(samePoint(fill(samePoint.x(), -7)), -7));
  for (let tag: u8 = 0; tag < 4; tag++) {
    assert(isShape(sameShape(shape(sameShape.x(), tag)), tag));
    assert(isShape(laterShape.call(shape(laterShape.x(), tag)), tag));
  }
  const three = sameAccess(access.read | access.run, suit.hearts, 0x1f600);
  assert(three.item0 == (access.read | access.run) && three.item1 == suit.hearts && three.item2 == 0x1f600);
  for (let tags = 0; tags < 4; tags++) {
    const maybe = sameMaybe.x();
    const outcome = sameMaybe.y();
    maybe.tag = <u8>(tags & 1);
    if (maybe.tag) maybe.some = "some";
    outcome.tag = <u8>(tags >> 1);
    if (outcome.tag) outcome.error = 7;
    else outcome.ok = "ok";
    const both = sameMaybe(maybe, outcome);
    assert(both.item0.tag == (tags & 1) && both.item1.tag == tags >> 1);
    if (tags & 1) assert(both.item0.some == "some");
    if (tags >> 1) assert(both.item1.error == 7);
    else assert(both.item1.ok == "ok");
  }
}

function resources(): void {
  const a = Tally.create(5);
  a.add(1 << 40);
  const b = Tally.create(7);
  assert(a.get_() == 5 + (1 << 40));
  assert(readTally(b) == 7);
  assert(tallies() == 2);
  const sum = sameTally(Tally.join(a, b));
  assert(sum.get_() == 12 + (1 << 40));
  assert(tallies() == 1);
  sum.drop();
  assert(tallies() == 0);
}

/** Each item is written and read back; then the writable end goes, and the readable one must see it. */
function streams(): void {
  const numbersIn = numbers.x();
  const numbersOut = numbers.call();
  for (let i: u32 = 0; i < 100; i++) {
    assert(numbersIn.writeOne(i));
    assert(numbersOut.next() && numbersOut.value == i);
  }
  numbersIn.drop();
  assert(!numbersOut.next());
  numbersOut.drop();

  const wordsIn = words.x();
  const wordsOut = words.call();
  for (let i = 0; i < 100; i++) {
    assert(wordsIn.writeOne(text(i)));
    assert(wordsOut.next() && wordsOut.value == text(i));
  }
  wordsIn.drop();
  assert(!wordsOut.next());
  wordsOut.drop();

  const pointsIn = points.x();
  const pointsOut = points.call();
  const point = fill(samePoint.x(), 0);
  for (let i = 0; i < 100; i++) {
    assert(pointsIn.writeOne(fill(point, i)));
    assert(pointsOut.next() && isPoint(pointsOut.value, i));
  }
  pointsIn.drop();
  assert(!pointsOut.next());
  pointsOut.drop();
}

/** A value that is written after the call, and one that was on its way before. */
function futures(): void {
  const numberIn = numberLater.x();
  const numberOut = numberLater.call();
  assert(numberIn.write(0xdeadbeef));
  assert(numberOut.read() == 0xdeadbeef);
  numberIn.drop();
  numberOut.drop();
  for (let i = 0; i < 6; i++) {
    const wordIn = wordLater.x();
    assert(!wordIn.start(text(i)));
    const wordOut = wordLater.call();
    assert(wordOut.read() == text(i));
    wordIn.drop();
    wordOut.drop();
  }
}

/** Items without a value: each tick arrives, and no more than those. */
function unitItems(): void {
  const input = ticks.x();
  const output = ticks.call();
  for (let i = 0; i < 100; i++) {
    assert(input.writeOne());
    assert(output.next());
  }
  input.drop();
  assert(!output.next());
  output.drop();
}

/** The stream that was given away comes back: one of its two copies is begun without waiting. */
function handedBack(): void {
  const input = back.x();
  const output = back.call();
  for (let i: u32 = 0; i < 100; i++) {
    output.start();
    assert(input.writeOne(i));
    assert(output.next());
    assert(output.value == i);
  }
  input.drop();
  assert(!output.next());
  output.drop();
}

/** The readable end goes early: the writer must be told. */
function leave(): void {
  const input = numbers.x();
  numbers.call().drop();
  while (input.writeOne(1)) {}
  input.drop();
}

export function main(task: run.Task): void {
  texts();
  lists();
  aggregates();
  resources();
  streams();
  unitItems();
  handedBack();
  futures();
  leave();
  task.resolve(true);
}
