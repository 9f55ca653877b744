/** Which mutants a run shows to witnesses: at night all of them, and with a change a quarter. */
import { createHash } from "node:crypto";
import { isLong } from "../tier.js";

/** The mutants of this run, by key: which quarter it is changes with the library, and not from run to run. */
export function shareOfRun(keys: readonly string[]): readonly string[] {
  if (isLong) return keys;
  const quarter = quarterOf(keys.join());
  return keys.filter((key) => quarterOf(key) === quarter);
}

function quarterOf(text: string): number {
  return createHash("sha256").update(text).digest()[0]! % 4;
}
