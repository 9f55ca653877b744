/** Gives values back field by field, through the views that bindings give. */
import {
  Access,
  Mixed,
  One,
  OptionAccess,
  OptionU64,
  Plain,
  Point,
  ResultPointSuit,
  Shape,
  Suit,
  TupleOptionAccessShape,
  Wide,
  laterMixed,
  laterOne,
  laterPair,
  laterWide,
  makeWideResult,
  sameMixedResult,
  sameOutcomeResult,
  samePairResult,
  sameOneResult,
  samePlainResult,
  scaled,
} from "./bindings/test-values-values";

function copyShape(from: Shape, to: Shape): void {
  to.tag = from.tag;
  if (from.tag == 1) to.circle = from.circle;
  if (from.tag == 2) to.square = from.square;
  if (from.tag == 3) {
    to.segment.x = from.segment.x;
    to.segment.y = from.segment.y;
  }
}

function copyMixed(from: Mixed, to: Mixed): void {
  to.tag = from.tag;
  if (from.tag == 0) to.int = from.int;
  else if (from.tag == 1) to.long = from.long;
  else if (from.tag == 2) to.single = from.single;
  else if (from.tag == 3) to.double = from.double;
  else if (from.tag == 4) to.signed = from.signed;
  else if (from.tag == 5) {
    to.pair.item0 = from.pair.item0;
    to.pair.item1 = from.pair.item1;
  } else if (from.tag == 6) {
    to.deep.tag = from.deep.tag;
    if (from.deep.tag == 1) copyShape(from.deep.some, to.deep.some);
  }
}

export function sameMixed(value: Mixed): Mixed {
  const result = sameMixedResult();
  copyMixed(value, result);
  return result;
}

export function samePair(left: Shape, right: OptionAccess): TupleOptionAccessShape {
  const result = samePairResult();
  result.item0.tag = right.tag;
  result.item0.some = right.some;
  copyShape(left, result.item1);
  return result;
}

export function sameOutcome(value: ResultPointSuit, extra: OptionU64): ResultPointSuit {
  const result = sameOutcomeResult();
  result.tag = value.tag;
  if (value.tag == 0) {
    result.ok.x = value.ok.x + (extra.tag == 1 ? i16(extra.some) : 0);
    result.ok.y = value.ok.y;
  } else result.error = value.error;
  return result;
}

export function sameOne(value: One): One {
  const result = sameOneResult();
  result.value = value.value;
  return result;
}

export function samePlain(value: Plain, suit: Suit, access: Access): Plain {
  const result = samePlainResult();
  result.tag = u8((u32(value.tag) + u32(suit) + u32(access)) % 3);
  return result;
}

export function next(suit: Suit): Suit {
  return (suit + 1) & 3;
}

export function swapAccess(access: Access, ok: bool): Access {
  return ok ? ~access & 511 : access;
}

function fillWide(mixed: Mixed, wide: Wide): void {
  wide.all.wide = 1 << 40;
  wide.all.last = -1;
  wide.all.letter = 0x1f600;
  wide.all.shape.tag = 3;
  wide.all.shape.segment.y = -2;
  copyMixed(mixed, wide.more);
  wide.most.item0 = 255;
  wide.most.item1 = 0.5;
}

export function makeWide(mixed: Mixed): Wide {
  const result = makeWideResult();
  fillWide(mixed, result);
  return result;
}

export function runMixed(task: laterMixed.Task): void {
  copyMixed(task.value, task.output);
  if (task.value.tag == 4 && task.other.tag == 1) task.output.signed += task.other.some * i16(task.by);
  task.resolve(task.output);
}

export function runPair(task: laterPair.Task): void {
  task.output.item0.tag = 1;
  task.output.item0.some.value = task.output_.value;
  copyShape(task.left, task.output.item1);
  task.resolve(task.output);
}

export function runOne(task: laterOne.Task): void {
  task.resolve(task.value);
}

export function runWide(task: laterWide.Task): void {
  fillWide(task.mixed, task.output);
  task.resolve(task.output);
}

export function runScaled(task: scaled.Task): void {
  const input = task.items;
  const output = task.resolve();
  let count: u32 = 0;
  while (input.next()) {
    if (task.limit.tag == 1 && count++ >= u32(task.limit.some)) break;
    const scaled: Point = output.value;
    scaled.x = input.value.x * task.by.x;
    scaled.y = input.value.y * task.by.y;
    if (!output.writeOne(scaled)) break;
  }
}
