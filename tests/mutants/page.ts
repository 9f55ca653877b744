/** The parts of `docs/mutants.md` that are written by a program: the score and the survivors. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type MarkedPart, markedPart } from "../../tools/files/marked-part.js";
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
  return `Score: ${killed} of ${mutants} mutants killed.\n\n${survivors.join("\n")}`;
}

function splitPage(): MarkedPart {
  return markedPart(path, readFileSync(path, "utf8"), ...marks);
}

/** The part of the page as it is. */
export function readPagePart(): string {
  return splitPage().part;
}

/** The score that the page tells. */
export function pageScore(part: string): Score {
  const [, killed, mutants] = /^Score: (\d+) of (\d+) mutants/.exec(part) ?? [];
  return { killed: Number(killed), mutants: Number(mutants) };
}

/** Writes it. */
export function writePagePart(part: string): void {
  const { before, after } = splitPage();
  writeFileSync(path, before + part + after);
}
