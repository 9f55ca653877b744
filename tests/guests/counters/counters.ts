/** Resources: counters that this guest implements, in a static table, and tokens of the host's. */
import { Place, takePlace } from "as-rill/assembly";
import {
  Counter,
  ListCounter,
  ListUsize,
  Pair,
  counterFill,
  rowResult,
  splitResult,
  stretch,
} from "./bindings/test-counters-made";
import { Token, find, peek, take, tokenWait } from "./bindings/test-counters-given";
import { lookLater } from "./bindings/test-counters-uses";

/** What a counter remembers. */
@unmanaged
export class State extends Place {
  value: u32;
}

const MOST = 16;
const STATES: usize = memory.data(<i32>(MOST * offsetof<State>()), 4);

function make(value: u32): Counter {
  const state = takePlace<State>(STATES, MOST)!;
  state.value = value;
  return Counter.of(state);
}

/** Takes the value out of a counter, and ends it. */
function empty(counter: Counter): u32 {
  const value = counter.state<State>().value;
  counter.drop();
  return value;
}

export function newCounter(start: u32): Counter {
  return make(start);
}

export function counterGet(self: State): u32 {
  return self.value;
}

export function counterAdd(self: State, by: u32): u32 {
  return (self.value += by);
}

export function counterMerge(left: Counter, right: Counter): Counter {
  return make(empty(left) + empty(right));
}

export function fill(task: counterFill.Task): void {
  const state = changetype<State>(task.self);
  while (task.items.next()) state.value += task.items.value;
  task.resolve(state.value);
}

export function dropCounter(self: State): void {
  self.release();
}

export function split(whole: Counter): Pair {
  const value = empty(whole);
  const pair = splitResult();
  pair.first = make(value >> 1);
  pair.second = make(value - (value >> 1));
  return pair;
}

export function total(counters: ListUsize): u32 {
  let sum: u32 = 0;
  for (let i = 0; i < counters.length; i++) sum += changetype<State>(counters[i]).value;
  return sum;
}

export function row(count: u32): ListCounter {
  const counters = rowResult();
  counters.allocate(count);
  for (let i: u32 = 0; i < count; i++) counters[i] = make(i);
  return counters;
}

export function stretchAll(task: stretch.Task): void {
  const output = task.resolve();
  while (task.counters.next()) {
    const counter = task.counters.value;
    counter.state<State>().value *= 2;
    if (output.writeOne(counter)) continue;
    if (!output.taken) counter.drop();
    break;
  }
}

export function alive(): u32 {
  let count: u32 = 0;
  // SAFETY: the table holds MOST states.
  for (let i = 0; i < MOST; i++) count += changetype<State>(STATES + i * offsetof<State>()).taken;
  return count;
}

export function pass(name: string): u32 {
  const token = Token.create(name);
  token.rename(token.name() + "!");
  const other = Token.create("");
  const longer = Token.longer(token, other);
  other.drop();
  if (longer) return peek(token) + take(token);
  token.drop();
  return 0;
}

export function look(t: Token): string {
  return t.name();
}

export function lookSlowly(task: lookLater.Task): void {
  task.resolve(tokenWait.call(task.t, 3));
}

export function handBack(t: Token): Token {
  return t;
}

export function has(key: u32): bool {
  const found = find(key);
  if (found.tag == 0) return false;
  found.some.drop();
  return true;
}

export function useAfterDrop(): void {
  const token = Token.create("gone");
  token.drop();
  token.rename("still there?");
}

let kept: u32 = 0;

export function keep(t: Token): void {
  kept = <u32>changetype<usize>(t);
}

export function useKept(): string {
  return changetype<Token>(<usize>kept).name();
}
