/** The mutants that survive and why each may: `survivors.json` of a lane's folder, which people write. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";

/** Mutants that nothing can kill, for one reason. */
export interface Judgement {
  /** Why nobody can tell the difference. */
  readonly why: string;
  /** Their keys. */
  readonly mutants: readonly string[];
}

/** All judgements of a lane, in the order of its file. */
export function readJudgements(lane = "mutants"): Judgement[] {
  const path = join(packageRoot, "tests", lane, "survivors.json");
  return JSON.parse(readFileSync(path, "utf8")) as Judgement[];
}

/** What of a run does not fit the judgements, a line each; nothing when all does. */
export function misfits(fates: ReadonlyMap<string, string>, judgements: readonly Judgement[]): string[] {
  const judged = judgements.flatMap(({ mutants }) => mutants);
  const survived = [...fates].filter(([, fate]) => fate === "survived").map(([key]) => key);
  const stale = (key: string): string =>
    fates.has(key)
      ? `${fates.get(key)!}, yet judged a survivor`
      : "judged a survivor, and there is no such mutant";
  return [
    ...survived
      .filter((key) => !judged.includes(key))
      .map((key) => `survives, and nobody has judged it: ${key}`),
    ...judged.filter((key) => fates.get(key) !== "survived").map((key) => `${stale(key)}: ${key}`),
    ...judged.filter((key, index) => judged.indexOf(key) !== index).map((key) => `judged twice: ${key}`),
  ];
}
