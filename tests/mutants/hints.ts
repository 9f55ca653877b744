/**
 * Which witness has killed which mutant: where to ask first. What stands there
 * changes how long a run takes, and no fate.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";

/** The file of a lane. */
function pathOf(lane: string): string {
  return join(packageRoot, "tests", lane, "killers.json");
}

/** The witness's name by the mutant's key. */
export function readHints(lane = "mutants"): Map<string, string> {
  const byName = JSON.parse(readFileSync(pathOf(lane), "utf8")) as Record<string, readonly string[]>;
  return new Map(Object.entries(byName).flatMap(([name, keys]) => keys.map((key) => [key, name] as const)));
}

/** Writes what a whole run has found. */
export function writeHints(hints: ReadonlyMap<string, string>, lane = "mutants"): void {
  const names = [...new Set(hints.values())].sort();
  const byName = names.map((name) => [name, [...hints].filter(([, by]) => by === name).map(([key]) => key)]);
  writeFileSync(pathOf(lane), `${JSON.stringify(Object.fromEntries(byName), null, 2)}\n`);
}
