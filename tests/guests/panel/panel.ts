/** A guest whose functions pass values of every kind without addresses in them: for the bindings in C. */
import {
  Level,
  One,
  OptionStamp,
  Order,
  ResultUnitLevel,
  askResult,
  first,
  last,
  run,
  turnResult,
} from "./bindings/my-panel-control";
import * as lamp from "./bindings/my-panel-lamp";

export function runRun(task: run.Task): void {
  const colors = task.colors;
  const output = task.resolve();
  while (colors.next()) {
    const color = colors.value;
    const answer = lamp.show(color, lamp.level.dim, color.channel | lamp.channel.blue);
    const stamp = output.value;
    stamp.small = task.add.small + answer;
    stamp.at = task.add.at + color.value;
    stamp.int = task.add.int;
    if (!output.writeOne(stamp)) break;
  }
}

export function runLast(task: last.Task): void {
  const colors = task.colors;
  const option = lamp.mix.b();
  option.tag = lamp.OptionU16.some;
  option.some = 500;
  let mixed = task.output;
  while (colors.next()) mixed = lamp.mix(colors.value, option);
  task.resolve(mixed);
}

export function ask(order: Order): OptionStamp {
  const result = lamp.obey(order);
  const answer = askResult();
  answer.tag = result.tag == lamp.ResultStampLevel.ok ? OptionStamp.some : OptionStamp.none;
  if (answer.tag == OptionStamp.none) return answer;
  const pair = lamp.swap.pair();
  pair.item0 = result.ok.small;
  pair.item1 = i64(result.ok.at);
  const swapped = lamp.swap(pair);
  answer.some.small = swapped.item1;
  answer.some.at = u64(swapped.item0);
  answer.some.int = result.ok.int;
  return answer;
}

export function turn(one: One, level: Level): One {
  const turned = lamp.single(one, level);
  const answer = turnResult();
  answer.letter = turned.letter + 1;
  return answer;
}

export function runFirst(task: first.Task): void {
  const answer = task.output;
  answer.tag = task.level == lamp.level.off ? ResultUnitLevel.ok : ResultUnitLevel.error;
  answer.error = task.level;
  task.resolve(answer);
}
