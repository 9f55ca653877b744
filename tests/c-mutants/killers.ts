/**
 * What has become of mutants in the last whole run: where to ask first. Of a mutant that was killed, by whom:
 * that changes how long a run takes, and no fate. Of one that changes no code, that it does, which holds as
 * long as its function stays. There are thousands, so each is written as a few digits of a hash.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";
import type { Verdict } from "../mutants/court.js";
import { type CMutant, hostFiles } from "./c-mutants.js";

const path = join(packageRoot, "tests", "c-mutants", "killers.json");

/** Stands for nobody: the mutant changes no code. */
const NO_CODE = "the same code";

/** What is known of mutants before a run. */
export interface Known {
  /** Who killed a mutant, by its key. */
  readonly killers: ReadonlyMap<string, string>;
  /** Keys of mutants that change no code. */
  readonly same: ReadonlySet<string>;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 7);
}

/** The mutant and the function that it is in. */
function withFunction(files: ReadonlyMap<string, string>, { key, file, lines }: CMutant): string {
  const [first, last] = lines;
  return [
    key,
    ...files
      .get(file)!
      .split("\n")
      .slice(first - 1, last),
  ].join("\n");
}

/** What the file says of these mutants. */
export function readKnown(mutants: readonly CMutant[]): Known {
  const byName = JSON.parse(readFileSync(path, "utf8")) as Record<string, string>;
  const { [NO_CODE]: same = "", ...killers } = byName;
  const byDigest = new Map(
    Object.entries(killers).flatMap(([name, some]) => some.split(" ").map((one) => [one, name] as const)),
  );
  const sameDigests = new Set(same.split(" "));
  const files = hostFiles();
  return {
    killers: new Map(
      mutants.flatMap(({ key }) => {
        const name = byDigest.get(digest(key));
        return name === undefined ? [] : [[key, name] as const];
      }),
    ),
    same: new Set(
      mutants.filter((one) => sameDigests.has(digest(withFunction(files, one)))).map(({ key }) => key),
    ),
  };
}

/** Writes what a whole run has found. */
export function writeKnown(mutants: readonly CMutant[], verdicts: ReadonlyMap<string, Verdict>): void {
  const files = hostFiles();
  const byName = new Map<string, string[]>();
  for (const mutant of mutants) {
    const { fate, by } = verdicts.get(mutant.key) ?? { fate: "refused", by: "" };
    const name = fate === "killed" ? by : fate === "same" ? NO_CODE : null;
    if (name === null) continue;
    const text = fate === "same" ? withFunction(files, mutant) : mutant.key;
    byName.set(name, [...(byName.get(name) ?? []), digest(text)]);
  }
  const sorted = [...byName].sort(([a], [b]) => (a < b ? -1 : 1));
  const written = Object.fromEntries(sorted.map(([name, digests]) => [name, digests.sort().join(" ")]));
  writeFileSync(path, `${JSON.stringify(written, null, 2)}\n`);
}
