import { count, pass } from "./bindings/test-cancelling-slow";
import { run } from "./bindings/wasi-cli-run";

/** Ok when of two calls the later one is answered first, and when one that writes wakes one that reads. */
export function runRun(task: run.Task): void {
  const long = count.open();
  const short = count.open();
  const longs = long.bytes();
  const shorts = short.bytes();
  if (long.start() || short.start()) unreachable();
  let isOk = longs.writeOne(1) && shorts.writeOne(2) && longs.writeOne(3);
  shorts.drop();
  isOk = short.result() == 1 && !long.poll() && isOk;
  isOk = longs.writeOne(4) && isOk;
  longs.drop();
  isOk = long.result() == 3 && isOk;
  long.drop();
  short.drop();

  const bytes = pass.bytes();
  if (pass.start()) unreachable();
  isOk = bytes.writeOne(5) && isOk;
  if (count.start(pass.result())) unreachable();
  for (let byte: u8 = 6; byte < 9; byte++) isOk = bytes.writeOne(byte) && isOk;
  bytes.drop();
  task.resolve(count.result() == 4 && isOk);
}
