/** The documented limits of `rill bindgen`: what a refusal may say. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";

/** Where they stand. */
export const LIMITS_PAGE: string = join(packageRoot, "docs", "limits.md");

/** What refusals say, word for word: the code in the first column of the page's table. */
export function documentedLimits(): string[] {
  const page = readFileSync(LIMITS_PAGE, "utf8");
  return [...page.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1]!);
}

/** The limit that a refusal names, or null when it names none that is documented. */
export function limitOf(why: string): string | null {
  return documentedLimits().find((limit) => why.includes(limit)) ?? null;
}
