/** A guest with more parameters than core functions take: for the bindings in C. */
import { Kind, OptionU32, Spot, Tool, fetch, later, names, pick } from "./bindings/my-crowd-control";
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

export function runNames(task: names.Task): void {
  const output = task.resolve();
  let count = 0;
  while (task.spots.next()) if (!output.writeOne(task.spots.value.name + (count++).toString())) break;
}

export function runPick(task: pick.Task): void {
  const output = task.resolve();
  let isPicked = false;
  while (task.tools.next()) {
    isPicked = !isPicked;
    if (!isPicked) task.tools.value.drop();
    else if (!output.writeOne(task.tools.value)) break;
  }
}

export function runFetch(task: fetch.Task): void {
  const output = task.resolve();
  const spots = parts.StreamSpot.create();
  const tools = parts.find(parts.StreamSpot.readable(spots)).open();
  let numbers = "";
  for (let n: u8 = 0; n < task.count; n++) {
    spots.value.x = <i8>n;
    spots.value.name = "spot " + n.toString();
    if (!spots.writeOne(spots.value) || !tools.next()) break;
    numbers += tools.value.number_().toString() + " ";
    tools.value.drop();
  }
  spots.drop();
  tools.drop();
  output.write(numbers);
}
