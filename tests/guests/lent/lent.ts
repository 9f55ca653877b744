/** Adds up the values of tokens that the caller lends; never gives one back itself. */
import {
  List3Token,
  ListPair,
  ListToken,
  OptionToken,
  Pair,
  Some,
  TupleU8OptionPair,
  later,
  laterAll,
} from "./bindings/test-lent-sums";
import { Token } from "./bindings/test-lent-given";

export function one(t: Token): u32 {
  return t.value();
}

export function ofPair(p: Pair): u32 {
  return (p.left.value() + p.right.value()) * p.times;
}

export function ofList(l: ListToken): u32 {
  let sum: u32 = 0;
  for (let i = 0; i < l.length; i++) sum += l[i].value();
  return sum;
}

export function ofPairs(l: ListPair): u32 {
  let sum: u32 = 0;
  for (let i = 0; i < l.length; i++) sum += ofPair(l[i]);
  return sum;
}

export function ofSome(s: Some): u32 {
  if (s.tag == Some.one) return s.one.value();
  if (s.tag == Some.two) return ofPair(s.two);
  return s.tag == Some.many ? ofList(s.many) : 0;
}

export function ofMaybe(o: OptionToken, t: TupleU8OptionPair): u32 {
  let sum: u32 = t.item0;
  if (o.tag == OptionToken.some) sum += o.some.value();
  return t.item1.tag ? sum + ofPair(t.item1.some) : sum;
}

export function ofThree(l: List3Token): string {
  let sum: u32 = 0;
  for (let i = 0; i < l.length; i++) sum += l[i].value();
  return sum.toString();
}

export function ofAll(a: Pair, b: Pair, c: Pair, d: Pair, e: Pair, f: Some, last: Token): u32 {
  return ofPair(a) + ofPair(b) + ofPair(c) + ofPair(d) + ofPair(e) + ofSome(f) + last.value();
}

export function addLater(task: later.Task): void {
  let sum = ofPair(task.p);
  for (let i = 0; i < task.s.length; i++) sum += ofSome(task.s[i]);
  task.resolve(sum);
}

export function addAllLater(task: laterAll.Task): void {
  const sum =
    ofPair(task.a) + ofPair(task.b) + ofPair(task.c) + ofPair(task.d) + ofPair(task.e) + ofSome(task.f);
  task.resolve(sum.toString());
}
