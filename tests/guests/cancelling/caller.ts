import { count, pass } from "./bindings/test-cancelling-slow";
import { run } from "./bindings/wasi-cli-run";

/** Ok when calls that wait for what this does not send can be cancelled, and the callee goes on working. */
export function runRun(task: run.Task): void {
  const bytes = count.bytes();
  if (count.start()) unreachable();
  if (!bytes.writeOne(1)) unreachable();
  let isOk = !count.cancel();
  isOk = !bytes.writeOne(2) && isOk;
  bytes.drop();

  const passed = pass.bytes();
  if (pass.start()) unreachable();
  isOk = !pass.cancel() && isOk;
  isOk = !passed.writeOne(3) && isOk;
  passed.drop();

  const again = count.bytes();
  if (count.start()) unreachable();
  if (!again.writeOne(4) || !again.writeOne(5)) unreachable();
  again.drop();
  task.resolve(count.result() == 2 && isOk);
}
