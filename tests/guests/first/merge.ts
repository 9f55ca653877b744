import { waitAny } from "as-rill/assembly";
import { Sample, merge, race } from "./bindings/my-merge-join";

export function runMerge(task: merge.Task): void {
  const left = task.left;
  const right = task.right;
  const output = task.resolve();
  let hasLeft = left.next();
  let hasRight = right.next();
  while (hasLeft || hasRight) {
    const isLeft = hasLeft && (!hasRight || left.value.timestamp <= right.value.timestamp);
    const from: Sample = isLeft ? left.value : right.value;
    const to = output.value;
    to.timestamp = from.timestamp;
    to.value = from.value;
    if (!output.writeOne(to)) break;
    if (isLeft) hasLeft = left.next();
    else hasRight = right.next();
  }
}

export function runRace(task: race.Task): void {
  const left = task.left;
  const right = task.right;
  const output = task.resolve();
  let hasLeft = true;
  let hasRight = true;
  left.start();
  right.start();
  while (hasLeft || hasRight) {
    // An end that has ended is settled for ever: it is left out.
    const isLeft = hasLeft && hasRight ? waitAny(left, right) == 0 : hasLeft;
    if (isLeft) {
      hasLeft = left.next();
      if (!hasLeft) continue;
      if (!output.writeOne(left.value)) break;
      left.start();
    } else {
      hasRight = right.next();
      if (!hasRight) continue;
      if (!output.writeOne(right.value)) break;
      right.start();
    }
  }
}
