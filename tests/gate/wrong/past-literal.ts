import { label } from "./bindings/label";

/** Wrong: looks at a code unit behind the end of a literal. */
export function run(task: label.Task): void {
  const output = task.resolve();
  const mark = "no";
  while (task.x.next()) {
    const unit = load<u16>(changetype<usize>(mark) + ((mark.length + 1) << 1));
    if (!output.writeOne(unit ? "zero" : "more")) return;
  }
}
