/** A guest that answers with a stream, how it ended, and what it was asked for. */
import { counted, FutureResultU32U32, StreamU32 } from "./bindings/test-row-outcome-outcomes";

export function runCounted(task: counted.Task): void {
  const input = task.x;
  const most = task.most;
  const output = StreamU32.create();
  const how = FutureResultU32U32.create();
  task.output.item0 = StreamU32.readable(output);
  task.output.item1 = FutureResultU32U32.readable(how);
  task.output.item2 = most;
  task.resolve(task.output);
  let count: u32 = 0;
  let tooLarge: u32 = 0;
  while (tooLarge == 0 && input.next()) {
    if (input.value > most) tooLarge = input.value;
    else if (output.writeOne(input.value)) count++;
    else break;
  }
  output.drop();
  how.value.tag = tooLarge > 0 ? 1 : 0;
  if (tooLarge > 0) how.value.error = tooLarge;
  else how.value.ok = count;
  how.write();
  how.drop();
}
