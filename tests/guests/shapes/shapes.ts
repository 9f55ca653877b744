/** Copies values field by field, through the accessors that bindings give. */
import { All, Suit, copyFields, lower, nextSuit } from "./bindings/test-shapes-shapes";

export function runCopy(task: copyFields.Task): void {
  const input = task.items;
  const output = task.resolve();
  while (input.next()) {
    copy(input.value, output.value);
    if (!output.writeOne(output.value)) break;
  }
}

function copy(from: All, to: All): void {
  to.yes = from.yes;
  to.wide = from.wide;
  to.narrow = from.narrow;
  to.ratio = from.ratio;
  to.letter = from.letter;
  to.suit = from.suit;
  to.access = from.access;
  to.corner.x = from.corner.x;
  to.corner.y = from.corner.y;
  to.count.tag = from.count.tag;
  to.count.some = from.count.some;
  to.outcome.tag = from.outcome.tag;
  if (from.outcome.tag == 0) to.outcome.ok = from.outcome.ok;
  else to.outcome.error = from.outcome.error;
  to.shape.tag = from.shape.tag;
  if (from.shape.tag == 1) to.shape.circle = from.shape.circle;
  if (from.shape.tag == 2) to.shape.square = from.shape.square;
  if (from.shape.tag == 3) {
    to.shape.segment.x = from.shape.segment.x;
    to.shape.segment.y = from.shape.segment.y;
  }
  to.pair.item0 = from.pair.item0;
  to.pair.item1 = from.pair.item1;
  to.last = from.last;
}

export function runSuit(task: nextSuit.Task): void {
  const input = task.suits;
  const output = task.resolve();
  while (input.next()) {
    const next: Suit = (input.value + 1) & 3;
    if (!output.writeOne(next)) break;
  }
}

export function runLower(task: lower.Task): void {
  const input = task.codes;
  const output = task.resolve();
  while (input.next()) {
    if (!output.writeOne(input.value < task.limit)) break;
  }
}

export function add(a: i32, b: f64, up: bool): f64 {
  return up ? f64(a) + b : f64(a) - b;
}
