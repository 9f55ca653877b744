/** A guest that implements resources: for the bindings in C. */
import { Place, takePlace } from "as-rill/assembly";
import { List2Lamp, List2Lamp_ } from "./bindings/my-meters-lamps";
import * as help from "./bindings/my-meters-help";
import {
  List3Meter,
  List3Usize,
  ListMeter,
  ListUsize,
  Meter,
  OptionMeter,
  Pair,
  Shelf,
  TupleUsizeUsize,
  meterFill,
  rowResult,
  shelfTakeResult,
  splitResult,
  sum,
  turnResult,
} from "./bindings/my-meters-made";
import { sameTwiceResult } from "./bindings/my-meters-wrong";

/** What a meter remembers. */
@unmanaged
export class State extends Place {
  value: u32;
}

/** What is on a shelf. */
@unmanaged
export class Row extends Place {
  count: u32;
  first: u32;
  second: u32;
}

const MOST = 32;
const STATES: usize = memory.data(<i32>(MOST * offsetof<State>()), 4);
const ROWS: usize = memory.data(<i32>(8 * offsetof<Row>()), 4);

/** A meter of this value makes another one when it ends, and drops it. */
const ENDLESS: u32 = 0xffffffff;
/** A meter of this value traps when it ends. */
const BROKEN: u32 = 0xfffffffe;

function make(value: u32): Meter {
  const state = takePlace<State>(STATES, MOST)!;
  state.value = value;
  return Meter.of(state);
}

function value(meter: usize): u32 {
  return changetype<State>(meter).value;
}

/** Takes the value out of a meter, and ends it. */
function empty(meter: Meter): u32 {
  const value = meter.state<State>().value;
  meter.drop();
  return value;
}

export function newMeter(start: u32): Meter {
  return make(start);
}

export function meterRead(self: State): u32 {
  return self.value;
}

export function meterAdd(self: State, by: u32): u32 {
  return (self.value += by);
}

export function meterMerge(left: Meter, right: Meter): Meter {
  return make(empty(left) + empty(right));
}

export function runMeterFill(task: meterFill.Task): void {
  const state = changetype<State>(task.self);
  while (task.items.next()) state.value += task.items.value;
  task.resolve(state.value);
}

export function dropMeter(self: State): void {
  const value = self.value;
  self.release();
  if (value == ENDLESS) make(ENDLESS).drop();
  if (value == BROKEN) unreachable();
}

export function newShelf(): Shelf {
  const row = takePlace<Row>(ROWS, 8)!;
  row.count = 0;
  return Shelf.of(row);
}

export function shelfPut(self: Row, m: Meter): void {
  if (self.count == 0) self.first = changetype<u32>(m);
  else self.second = changetype<u32>(m);
  self.count++;
}

function takeOne(row: Row): Meter {
  return changetype<Meter>(<usize>(--row.count == 0 ? row.first : row.second));
}

export function shelfTake(self: Row): OptionMeter {
  const result = shelfTakeResult();
  if (self.count == 0) return result;
  result.tag = 1;
  result.some = takeOne(self);
  return result;
}

export function shelfSum(self: Row, also: State): u32 {
  let sum = also.value;
  if (self.count > 0) sum += changetype<Meter>(<usize>self.first).state<State>().value;
  if (self.count > 1) sum += changetype<Meter>(<usize>self.second).state<State>().value;
  return sum;
}

export function dropShelf(self: Row): void {
  while (self.count > 0) takeOne(self).drop();
  self.release();
}

export function split(whole: Meter): Pair {
  const value = empty(whole);
  const pair = splitResult();
  pair.first = make(value >> 1);
  pair.second = make(value - (value >> 1));
  return pair;
}

export function total(meters: ListUsize, two: TupleUsizeUsize): u32 {
  let sum = value(two.item0) + value(two.item1);
  for (let i = 0; i < meters.length; i++) sum += value(meters[i]);
  return sum;
}

export function row(count: u32): ListMeter {
  const meters = rowResult();
  meters.allocate(count);
  for (let i: u32 = 0; i < count; i++) meters[i] = make(i + 1);
  return meters;
}

export function turn(three: List3Meter): List3Meter {
  const result = turnResult();
  for (let i = 0; i < 3; i++) result[i] = three[2 - i];
  return result;
}

export function ofThree(three: List3Usize): u32 {
  return value(three[0]) * 10000 + value(three[1]) * 100 + value(three[2]);
}

export function runSum(task: sum.Task): void {
  let sum: u32 = 0;
  for (let i = 0; i < task.meters.length; i++) sum += empty(task.meters[i]);
  if (task.best.tag != 0) sum += empty(task.best.some);
  task.resolve(make(sum + help.wait.call()));
}

function both(pair: Pair): u32 {
  return empty(pair.first) + empty(pair.second);
}

export function many(
  a: Pair,
  b: Pair,
  c: Pair,
  d: Pair,
  e: Pair,
  f: Pair,
  g: Pair,
  h: Pair,
  last: State,
): u32 {
  return both(a) + both(b) + both(c) + both(d) + both(e) + both(f) + both(g) + both(h) + last.value;
}

export function alive(): u32 {
  let count: u32 = help.now();
  // SAFETY: the table holds MOST states.
  for (let i = 0; i < MOST; i++) count += changetype<State>(STATES + i * offsetof<State>()).taken;
  return count;
}

/// What goes wrong ///

let kept: u32 = 0;

export function sameTwice(): Pair {
  const pair = sameTwiceResult();
  pair.first = make(1);
  pair.second = pair.first;
  return pair;
}

export function dropped(): Meter {
  const meter = make(1);
  meter.drop();
  return meter;
}

export function stale(m: Meter): Meter {
  kept = changetype<u32>(m);
  return m;
}

export function useStale(): void {
  changetype<Meter>(<usize>kept).state<State>().value = 0;
}

export function dropStale(): void {
  changetype<Meter>(<usize>kept).drop();
}

export function hoard(): u32 {
  let count: u32 = 0;
  while (true) {
    make(0);
    count++;
  }
  return count;
}

export function endless(): void {
  make(ENDLESS).drop();
}

export function broken(): Meter {
  return make(BROKEN);
}

export function dropBroken(): void {
  make(BROKEN).drop();
}

export function otherType(m: Meter): Meter {
  changetype<Shelf>(m).drop();
  return m;
}

/// The firmware's, in arrays ///

export function swap(lamps: List2Lamp): List2Lamp {
  const handed = help.light.lamps();
  const lent = help.light.lent();
  const third = help.Lamp.create(3);
  const fourth = help.Lamp.create(4);
  handed[0] = lamps[1];
  handed[1] = lamps[0];
  lent.item0 = 7;
  lent.item1[0] = third;
  lent.item1[1] = fourth;
  const result = help.light(handed, lent);
  third.drop();
  fourth.drop();
  return result;
}

export function lightBoth(lamps: List2Lamp_): void {
  lamps[0].on();
  lamps[1].on();
}
