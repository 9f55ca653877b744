/** More parameters than core values can carry. */
import { OptionU64, ResultU8F32, TupleU8U64, Wide, later, spreadResult } from "./bindings/test-wide-echo";

export function same(x: Wide): Wide {
  return x;
}

export function spread(
  a: u8,
  b: i16,
  c: OptionU64,
  d: f32,
  e: f64,
  f: string,
  g: StaticArray<u32>,
  h: bool,
  i: u32,
  j: ResultU8F32,
  k: TupleU8U64,
  l: i64,
  m: u32,
): Wide {
  const wide = spreadResult();
  wide.a = a;
  wide.b = b;
  wide.c.tag = c.tag;
  if (c.tag == 1) wide.c.some = c.some;
  wide.d = d;
  wide.e = e;
  wide.f = f;
  wide.g = g;
  wide.h = h;
  wide.i = i;
  wide.j.tag = j.tag;
  if (j.tag == 0) wide.j.ok = j.ok;
  else wide.j.error = j.error;
  wide.k.item0 = k.item0;
  wide.k.item1 = k.item1;
  wide.l = l;
  wide.m = m;
  return wide;
}

export function slowly(task: later.Task): void {
  const x = task.x;
  while (task.bytes.next()) x.m += task.bytes.value;
  task.resolve(x);
}

export function total(
  a: u32,
  b: u32,
  c: u32,
  d: u32,
  e: u32,
  f: u32,
  g: u32,
  h: u32,
  i: u32,
  j: u32,
  k: u32,
  l: u32,
  m: u32,
  n: u32,
  o: u32,
  p: u32,
  q: u8,
): u32 {
  return a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q;
}
