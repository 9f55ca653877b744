/** Which mutants a run shows to witnesses: at night all of them, and with a change a third. */
import { createHash } from "node:crypto";
import { isLong } from "../tier.js";

/** The mutants of this run, by key: which third it is changes with the library, and not from run to run. */
export function shareOfRun(keys: readonly string[]): readonly string[] {
  if (isLong) return keys;
  const third = thirdOf(keys.join());
  return keys.filter((key) => thirdOf(key) === third);
}

function thirdOf(text: string): number {
  return createHash("sha256").update(text).digest()[0]! % 3;
}
