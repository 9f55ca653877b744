/** A guest whose functions pass strings and lists: for the bindings in C. */
import * as out from "./bindings/my-words-out";
import { gather } from "./bindings/my-words-talk";

export function greet(name: string): string {
  out.line("greeting " + name, 2);
  return out.name(3) + ", " + name;
}

export function above(values: StaticArray<u16>, least: u16): StaticArray<u16> {
  if (out.sum(values) == 0) return values;
  const points = out.draw.points();
  points.allocate(values.length);
  for (let index = 0; index < values.length; index++) {
    points[index].x = -(<i8>index);
    points[index].y = values[index];
  }
  out.draw(points);
  return out.peaks(least);
}

export function runGather(task: gather.Task): void {
  const values = task.values;
  const title = task.title;
  let text = title + ":";
  while (values.next()) text += " " + values.value.toString();
  task.resolve(text);
}
