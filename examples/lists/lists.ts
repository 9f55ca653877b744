/** Records with strings, lists, an enum and an option, in and out. */
import { judge, kind } from "./bindings/rill-lists-entries";

export function run(task: judge.Task): void {
  const output = task.resolve();
  while (task.entries.next()) {
    const entry = task.entries.value;
    const length = entry.values.length;
    const verdict = output.value;
    verdict.name = entry.name.toUpperCase();
    verdict.kind = length == 0 ? kind.empty : length < 3 ? kind.short : kind.long;
    let sum: f32 = 0;
    for (let i = 0; i < length; i++) sum += <f32>entry.values[i];
    verdict.mean.tag = length > 0 ? 1 : 0;
    if (length > 0) verdict.mean.some = sum / <f32>length;
    verdict.words.allocate(2);
    verdict.words[0] = "of";
    verdict.words[1] = length.toString();
    if (!output.writeOne(verdict)) break;
  }
}
