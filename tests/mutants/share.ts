/** Which mutants a run shows to witnesses: at night all of them, and with a change half. */
import { createHash } from "node:crypto";
import { isLong } from "../tier.js";

/** The mutants of this run, by key: which half it is changes with the library, and not from run to run. */
export function shareOfRun(keys: readonly string[]): readonly string[] {
  if (isLong) return keys;
  const half = isOdd(keys.join());
  return keys.filter((key) => isOdd(key) === half);
}

function isOdd(text: string): boolean {
  return createHash("sha256").update(text).digest()[0]! % 2 === 1;
}
