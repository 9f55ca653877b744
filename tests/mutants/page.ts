/** The parts of `docs/mutants.md` and its like that are written by a program: the score and the survivors. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type MarkedPart, markedPart } from "../../tools/files/marked-part.js";
import { packageRoot } from "../../tools/package-root.js";
import type { Judgement } from "./survivors.js";

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

/** The page of a lane, which has the lane's name. */
function pathOf(lane: string): string {
  return join(packageRoot, "docs", `${lane}.md`);
}

function splitPage(lane: string): MarkedPart {
  const path = pathOf(lane);
  const begin = `<!-- written by tests/${lane}: begin -->\n`;
  return markedPart(path, readFileSync(path, "utf8"), begin, "<!-- end -->\n");
}

/** The part of a lane's page as it is. */
export function readPagePart(lane = "mutants"): string {
  return splitPage(lane).part;
}

/** The score that the page tells. */
export function pageScore(part: string): Score {
  const [, killed, mutants] = /^Score: (\d+) of (\d+) mutants/.exec(part) ?? [];
  return { killed: Number(killed), mutants: Number(mutants) };
}

/** Writes it. */
export function writePagePart(part: string, lane = "mutants"): void {
  const { before, after } = splitPage(lane);
  writeFileSync(pathOf(lane), before + part + after);
}
