import { waitAny } from "as-rill/assembly";
import { pass } from "./bindings/pass";

const items: StaticArray<u16> = [0, 0];

/**
 * Two items at a time, begun and not waited for one by one; a held item comes first, and what
 * is in flight is cancelled now and then.
 */
export function run(task: pass.Task): void {
  const input = task.x;
  const output = task.resolve();
  input.start();
  input.cancel();
  while (!output.done) {
    if (!input.startRead(items, 2) && !input.poll() && !input.cancel()) {
      if (!input.next()) return;
      if (!output.writeOne(input.value)) return;
      continue;
    }
    const came = input.progress;
    if (!came) return;
    output.startWrite(items, came);
    waitAny(output);
    if (output.progress < came) return;
  }
}
