/** Which mutants a run shows to witnesses: at night all of them, and with a change half. */
import { createHash } from "node:crypto";
import { isLong } from "../tier.js";
import type { Mutant } from "./mutants.js";

/** The mutants of this run: which half it is changes with the library, and not from run to run. */
export function shareOfRun(mutants: readonly Mutant[]): Mutant[] {
  if (isLong) return [...mutants];
  const library = isOdd(mutants.map(({ text }) => text).join());
  return mutants.filter(({ key }) => isOdd(key) === library);
}

function isOdd(text: string): boolean {
  return createHash("sha256").update(text).digest()[0]! % 2 === 1;
}
