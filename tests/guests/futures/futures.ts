/**
 * Futures of every kind of value, and streams without element type, in parameters and results on both sides.
 */
import * as outside from "./bindings/test-futures-outside";
import * as made from "./bindings/test-futures-made";

export function runTwice(task: made.twice.Task): void {
  const answer = task.resolve();
  answer.write(task.x.read() * 2);
}

export function runMirror(task: made.mirror.Task): void {
  const answer = task.resolve();
  const point = task.p.read();
  answer.value.x = -point.x;
  answer.value.y = -point.y;
  answer.write();
}

export function runGreet(task: made.greet.Task): void {
  const answer = task.resolve();
  answer.write("hello " + task.name.read());
}

export function runRelabel(task: made.relabel.Task): void {
  const answer = task.resolve();
  const label = task.l.read();
  label.name = label.name + "!";
  answer.write(label);
}

export function runLetter(task: made.letter.Task): void {
  task.resolve().write(task.c.read() + 1);
}

export function runPick(task: made.pick.Task): void {
  const answer = task.resolve();
  let place = <i32>task.place.read();
  answer.value.tag = 0;
  while (task.x.next()) {
    if (place-- > 0) continue;
    answer.value.tag = 1;
    answer.value.some = task.x.value;
    break;
  }
  answer.write();
}

export function runCount(task: made.count.Task): void {
  let count: u32 = 0;
  while (task.ticks.next()) count++;
  task.resolve(count);
}

export function runTick(task: made.tick.Task): void {
  const output = task.resolve();
  let left = <i32>task.n;
  const atATime = <i32>task.atATime;
  if (atATime == 1) {
    while (left > 0 && output.writeOne()) left--;
    return;
  }
  while (left > 0) {
    // SAFETY: an item without element type has no bytes, so the host looks at no address.
    const taken = output.writeFrom(0, min(left, atATime));
    if (!taken) return;
    left -= taken;
  }
}

export function runAfter(task: made.after.Task): void {
  const answer = task.resolve();
  task.when.read();
  answer.write();
}

export function runEarly(task: made.early.Task): void {
  task.resolve().preset(77);
}

export function runUnwritten(task: made.unwritten.Task): void {
  task.resolve();
}

export function runIgnore(task: made.ignore.Task): void {
  task.resolve();
}

export function runRace(task: made.race.Task): void {
  const a = task.a;
  const b = task.b;
  a.start();
  b.start();
  task.output.item0 = a.poll() ? 0 : 1;
  task.output.item1 = a.poll() ? a.read() : b.read();
  task.resolve(task.output);
}

export function runFetch(task: made.fetch.Task): void {
  const limit = outside.fetch.limit();
  const text = outside.fetch.call(task.key);
  limit.write(task.limit);
  task.resolve(text.read());
  limit.drop();
  text.drop();
}

export function runEcho(task: made.echo.Task): void {
  const ticks = outside.echo.ticks();
  const back = outside.echo.call();
  let left = task.n;
  while (left > 0 && ticks.writeOne()) left--;
  ticks.drop();
  let count: u32 = 0;
  while (back.next()) count++;
  back.drop();
  task.resolve(count);
}

export function runOverlap(task: made.overlap.Task): void {
  const x = outside.feed.x();
  let items: u8 = 0;
  outside.slow.start(task.n);
  outside.feed.start(task.n);
  while (!outside.feed.poll()) {
    if (!x.writeOne(items)) break;
    items++;
  }
  const future = outside.feed.result();
  task.resolve(outside.slow.result() + future.read());
  x.drop();
  future.drop();
}

export function runGiveUp(task: made.giveUp.Task): void {
  const x = outside.feed.x();
  outside.slow.start(task.n);
  outside.feed.start(task.n);
  const answer = task.output;
  answer.item0 = outside.slow.cancel();
  answer.item1 = outside.feed.cancel();
  answer.item2 = outside.feed.started();
  if (answer.item0 && outside.slow.result() != task.n) unreachable();
  if (answer.item1) {
    const future = outside.feed.result();
    if (future.read() != task.n + 1) unreachable();
    future.drop();
  }
  x.drop();
  task.resolve(answer);
}

export function runForget(task: made.forget.Task): void {
  const x = outside.feed.x();
  outside.slow.start(task.n);
  outside.feed.start(task.n);
  outside.slow.drop();
  outside.feed.drop();
  outside.feed.drop();
  x.drop();
  task.resolve();
}

export function runTwiceAtOnce(task: made.twiceAtOnce.Task): void {
  outside.slow.start(1);
  outside.slow.call(2);
  task.resolve();
}
