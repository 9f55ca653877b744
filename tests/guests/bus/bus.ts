/** Uses resources of its host, well and wrongly. */
import { all, lent } from "./bindings/my-bus-app";
import * as board from "./bindings/my-bus-board";

export function runAll(task: all.Task): void {
  const first = board.Port.create(task.seed);
  const second = board.Port.open("second").ok;
  let sum = first.write(1);
  sum = 10 * sum + board.portLater.call(second, 2);
  const other = board.look.other();
  other.tag = board.OptionPort_.some;
  other.some = second;
  sum = 10 * sum + board.look(first, other);
  const pair = board.pair();
  const ports = board.join.ports();
  ports.allocate(3);
  ports[0] = first;
  ports[1] = pair.item0;
  ports[2] = pair.item1.some;
  const all = board.join(ports);
  sum = 10 * sum + all.write(0);
  all.drop();
  second.drop();
  task.resolve(sum);
}

export function refused(): string {
  return board.Port.open("").error;
}

export function runLent(task: lent.Task): void {
  const port = board.Port.create(1);
  board.portLater.start(port, 9);
  port.drop();
  task.resolve();
}

export function other(): void {
  changetype<board.Port>(changetype<usize>(board.Lock.create())).write(1);
}

export function twice(): void {
  const port = board.Port.create(1);
  port.drop();
  port.drop();
}
