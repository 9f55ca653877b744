/** Hands every call through to the host, in views that hold the values as they came. */
import * as given from "./bindings/test-callers-given";
import {
  Access,
  Mixed,
  One,
  OptionSuit,
  Point,
  ResultTuplePointSuitAccess,
  Suit,
  Wide,
  laterMixed,
  laterNone,
  laterOne,
  laterWides,
} from "./bindings/test-callers-through";

export function numbers(a: i8, b: u64, c: f32, up: bool, suit: Suit, access: Access, outcome: bool): f64 {
  return given.numbers(a, b, c, up, suit, access, outcome);
}

export function sameMixed(value: Mixed): Mixed {
  // SAFETY: both files declare the same WIT type.
  return changetype<Mixed>(given.sameMixed(changetype<given.Mixed>(value)));
}

export function sameOne(value: One): One {
  const one = given.sameOne.value();
  one.letter = value.letter;
  // SAFETY: as above.
  return changetype<One>(given.sameOne(one));
}

export function two(left: Point, right: OptionSuit): ResultTuplePointSuitAccess {
  const point = given.two.left();
  point.x = left.x;
  point.y = left.y;
  // SAFETY: as above.
  const suit = changetype<given.OptionSuit>(right);
  // SAFETY: as above.
  return changetype<ResultTuplePointSuitAccess>(given.two(point, suit));
}

export function wides(seed: u8, last: Point): Wide {
  const wide = given.sameWide.value();
  wide.small = seed;
  const same = given.sameWide(wide);
  // SAFETY: as above.
  return changetype<Wide>(given.many(seed, same, (seed & 1) == 0, changetype<given.Point>(last)));
}

export function runMixed(task: laterMixed.Task): void {
  // SAFETY: as above.
  const answer = given.laterMixed.call(changetype<given.Mixed>(task.value));
  // SAFETY: as above.
  task.resolve(changetype<Mixed>(answer));
}

export function runOne(task: laterOne.Task): void {
  const one = given.laterOne.value();
  one.letter = task.value.letter;
  // SAFETY: as above.
  task.resolve(changetype<One>(given.laterOne.call(one, task.by)));
}

export function runWides(task: laterWides.Task): void {
  const wide = given.laterWide.value();
  wide.small = task.seed;
  const same = given.laterWide.call(wide);
  // SAFETY: as above.
  const last = changetype<given.Point>(task.last);
  task.resolve(given.laterMany.call(task.seed, same, (task.seed & 1) == 0, last));
}

export function runNone(task: laterNone.Task): void {
  // SAFETY: as above.
  given.laterNone.call(changetype<given.OptionPoint>(task.value));
  task.resolve();
}
