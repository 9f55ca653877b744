/** docs/judges.md: what the judges found, written by `npm run judge -- --docs` between marks. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type MarkedPart, markedPart } from "../../tools/files/marked-part.js";
import { packageRoot } from "../../tools/package-root.js";

/** A part of the page that a command writes. */
export type Section = "wit-smith" | "folder";

const PAGE = join(packageRoot, "docs", "judges.md");

/** Puts lines in the place of a section's. */
export function writeSection(section: Section, lines: readonly string[]): void {
  const { before, after } = parts(section);
  writeFileSync(PAGE, `${before}\n\n${lines.join("\n")}\n\n${after}`);
}

/** A section's lines as the page has them. */
export function readSection(section: Section): string[] {
  return parts(section).part.trim().split("\n");
}

function parts(section: Section): MarkedPart {
  return markedPart(PAGE, readFileSync(PAGE, "utf8"), `<!-- ${section}:begin -->`, `<!-- ${section}:end -->`);
}
