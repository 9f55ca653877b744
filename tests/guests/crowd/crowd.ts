/** A guest with more parameters than core functions take: for the bindings in C. */
import { Kind, OptionU32, Spot, Tool, later } from "./bindings/my-crowd-control";
import * as parts from "./bindings/my-crowd-parts";

function text(
  a: u8,
  b: i16,
  c: f32,
  d: u64,
  e: Kind,
  f: string,
  g: StaticArray<u16>,
  h: Spot,
  i: OptionU32,
  j: Tool,
  k: Tool,
): string {
  const numbers = <u64>a + b + <i32>(c * 2) + (d >> 32) + e + g[g.length - 1] + (i.tag == 1 ? i.some : 0);
  return f + h.x.toString() + h.name + numbers.toString() + "/" + (j.number_() * 10 + k.number_()).toString();
}

export function all(
  a: u8,
  b: i16,
  c: f32,
  d: u64,
  e: Kind,
  f: string,
  g: StaticArray<u16>,
  h: Spot,
  i: OptionU32,
  j: Tool,
  k: Tool,
  m: bool,
): string {
  const said = text(a, b, c, d, e, f, g, h, i, j, k);
  const stream = parts.StreamU8.create();
  const spot = parts.many.h();
  spot.x = h.x;
  spot.name = h.name;
  const option = parts.many.i();
  option.tag = i.tag;
  if (i.tag == 1) option.some = i.some;
  const answer = parts.many(a, b, c, d, e, f, g, spot, option, j, k, parts.StreamU8.readable(stream), m);
  stream.drop();
  return answer.length == 4 ? said : answer;
}

export function runLater(task: later.Task): void {
  let said: u32 = 0;
  const first = text(task.a, task.b, task.c, task.d, task.e, task.f, task.g, task.h, task.i, task.j, task.k);
  task.k.drop();
  while (task.l.next()) said += task.l.value;
  task.resolve(first + ";" + (said + task.m.read()).toString());
}
