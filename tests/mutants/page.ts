/** The parts of `docs/gate/mutants.md` that are written by a program: the score and the survivors. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";
import type { Judgement } from "./survivors.js";

const path = join(packageRoot, "docs", "gate", "mutants.md");
const marks = ["<!-- written by tests/mutants: begin -->\n", "<!-- end -->\n"] as const;

/** What a run has counted. */
export interface Score {
  readonly mutants: number;
  readonly killed: number;
}

/** The part of the page as it should be. */
export function pagePart({ mutants, killed }: Score, judgements: readonly Judgement[]): string {
  const survivors = judgements.map(
    ({ why, mutants: keys }) => `${why}\n\n${keys.map((key) => `* \`\`${key}\`\`\n`).join("")}`,
  );
  return `Score: ${String(killed)} of ${String(mutants)} mutants killed.\n\n${survivors.join("\n")}`;
}

/** The part of the page as it is. @throws Error when the page has no such part */
export function readPagePart(): string {
  const [, rest] = readFileSync(path, "utf8").split(marks[0]);
  const part = rest?.split(marks[1])[0];
  if (part === undefined) throw new Error("docs/gate/mutants.md has no part for the survivors");
  return part;
}

/** The score that the page tells. */
export function pageScore(part: string): Score {
  const [, killed, mutants] = /^Score: (\d+) of (\d+) mutants/.exec(part) ?? [];
  return { killed: Number(killed), mutants: Number(mutants) };
}

/** Writes it. */
export function writePagePart(part: string): void {
  const text = readFileSync(path, "utf8");
  writeFileSync(
    path,
    text.replace(readPagePart(), () => part),
  );
}
