/** The parts of `docs/mutants.md` that are written by a program: the score and the survivors. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";
import type { Judgement } from "./survivors.js";

const path = join(packageRoot, "docs", "mutants.md");
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

/** The page in front of the part, the part, and the page behind it. @throws Error when the page has no such part */
function splitPage(): readonly [string, string, string] {
  const [before, rest] = readFileSync(path, "utf8").split(marks[0]);
  const [part, after] = rest?.split(marks[1]) ?? [];
  if (before === undefined || part === undefined || after === undefined)
    throw new Error("docs/mutants.md has no part for the survivors");
  return [before, part, after];
}

/** The part of the page as it is. */
export function readPagePart(): string {
  return splitPage()[1];
}

/** The score that the page tells. */
export function pageScore(part: string): Score {
  const [, killed, mutants] = /^Score: (\d+) of (\d+) mutants/.exec(part) ?? [];
  return { killed: Number(killed), mutants: Number(mutants) };
}

/** Writes it. */
export function writePagePart(part: string): void {
  const [before, , after] = splitPage();
  writeFileSync(path, [before, marks[0], part, marks[1], after].join(""));
}
