/**
 * What has become of mutants in the last whole run. It holds as long as the code around all their places
 * stays: what the generator prints otherwise is judged anew. Each is written as a few digits of a hash.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";
import type { Fate } from "../mutants/witness.js";
import type { TemplateMutant } from "./bindings-mutants.js";

const path = join(packageRoot, "tests", "bindings-mutants", "known.json");

function digest({ key, places }: TemplateMutant): string {
  const texts = places.map(({ guest, key: placed, around }) => `${guest}\n${placed}\n${around}`);
  return createHash("sha256")
    .update([key, ...texts].join("\n"))
    .digest("hex")
    .slice(0, 9);
}

/** The fates that are known, by the mutants' keys. */
export function readKnown(mutants: readonly TemplateMutant[]): Map<string, Fate> {
  const byFate = Object.entries(JSON.parse(readFileSync(path, "utf8")) as Record<Fate, string>);
  const byDigest = new Map(
    byFate.flatMap(([fate, digests]) => digests.split(" ").map((one) => [one, fate as Fate] as const)),
  );
  return new Map(
    mutants.flatMap((mutant) => {
      const fate = byDigest.get(digest(mutant));
      return fate === undefined ? [] : [[mutant.key, fate] as const];
    }),
  );
}

/** Writes what a whole run has found. */
export function writeKnown(mutants: readonly TemplateMutant[], fates: ReadonlyMap<string, Fate>): void {
  const written = (["killed", "survived", "same", "refused"] as const).map((fate) => [
    fate,
    mutants
      .filter(({ key }) => fates.get(key) === fate)
      .map(digest)
      .sort()
      .join(" "),
  ]);
  writeFileSync(path, `${JSON.stringify(Object.fromEntries(written), null, 2)}\n`);
}
