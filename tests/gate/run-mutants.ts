/** Runs the mutants of some files of the library and says which of them live. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../tools/errors/user-error.js";
import { packageRoot } from "../../tools/package-root.js";
import { firstRule, gateGuest, withSource } from "./gate-guests.js";
import { type Mutant, mutantsOf } from "./mutants.js";

/** Items a stream for mutants: fewer than for the library itself, because there are many. */
const ITEMS = 2;

/** The guests that mutants are shown to, the cheap ones first. */
const order = [
  "sum",
  "count",
  "readings",
  "leave",
  "nothing",
  "twice",
  "again",
  "bulk",
  "overlap",
  "merge",
  "caller",
  "ahead",
];

/** What became of the mutants of some files. */
export interface MutationResult {
  readonly killed: readonly Mutant[];
  readonly survived: readonly Mutant[];
  /** Mutants that do not compile. */
  readonly refused: number;
}

/** Reads and changes one file after the other. @param skip mutants that are not run, by id */
export async function runMutants(
  files: readonly string[],
  skip: ReadonlySet<string>,
): Promise<MutationResult> {
  const killed: Mutant[] = [];
  const survived: Mutant[] = [];
  let refused = 0;
  for (const file of files) {
    const source = readFileSync(join(packageRoot, "assembly", file), "utf8");
    for (const mutant of mutantsOf(file, source)) {
      const fate = skip.has(mutant.id) ? "survived" : await fateOf(mutant);
      if (fate === "refused") refused++;
      else (fate === "killed" ? killed : survived).push(mutant);
    }
  }
  return { killed, survived, refused };
}

async function fateOf(mutant: Mutant): Promise<"killed" | "survived" | "refused"> {
  const guests = mutant.file === "stream/writer.ts" ? order.filter((name) => name !== "sum") : order;
  for (const name of mutant.file === "task/subtask.ts" ? ["caller", "again"] : guests) {
    try {
      if (
        (await firstRule(withSource(await gateGuest(name), mutant.file, mutant.text), { items: ITEMS })) !==
        null
      )
        return "killed";
    } catch (error) {
      if (error instanceof UserError) return "refused";
      throw error;
    }
  }
  return "survived";
}
