/** Verdicts as lines of Markdown: how many passed, and why each other did not. */
import type { EntryVerdict } from "./judge-folder.js";
import type { Verdict } from "./judge.js";
import { limitOf } from "./limits.js";
import type { SmithVerdict } from "./smith-worker.js";

/**
 * Whether a verdict is neither a pass nor a limit that is documented. WIT that wasm-tools
 * does not read is nobody's defect here.
 */
export function isDefect({ outcome, why }: Verdict): boolean {
  return outcome === "failed" || (outcome === "refused" && limitOf(why!) === null);
}

/** Verdicts on the worlds of wit-smith's packages: a table of outcomes. */
export function smithLines(verdicts: readonly SmithVerdict[]): string[] {
  const packages = new Set(verdicts.map(({ number }) => number));
  const unbound = new Set(verdicts.filter(({ outcome }) => outcome !== "passed").map(({ number }) => number));
  return [
    `${packages.size} packages, ${packages.size - unbound.size} of them bound as a whole; ` +
      `${verdicts.length} worlds: ${countOutcomes(verdicts)}.`,
    ...countLimits(verdicts),
  ];
}

/** Verdicts on a folder's entries: the count, and a line for each that did not pass. */
export function entryLines(verdicts: readonly EntryVerdict[]): string[] {
  const others = verdicts.filter(({ outcome }) => outcome !== "passed");
  const rows = others.map(({ name, outcome, why }) => `| \`${name}\` | ${outcome} | ${cell(why ?? "")} |`);
  return [
    `${verdicts.length} entries: ${countOutcomes(verdicts)}.`,
    ...(rows.length > 0 ? ["", "| entry | outcome | why |", "| --- | --- | --- |", ...rows] : []),
  ];
}

/** How often each outcome came. */
function countOutcomes(verdicts: readonly Verdict[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of verdicts) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(", ");
}

/** Refusals by the limit that they name, most frequent first. */
function countLimits(verdicts: readonly Verdict[]): string[] {
  const counts = new Map<string, number>();
  for (const { outcome, why } of verdicts) {
    if (outcome !== "refused") continue;
    const limit = limitOf(why!) ?? `NOT DOCUMENTED: ${why!}`;
    counts.set(limit, (counts.get(limit) ?? 0) + 1);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const rows = sorted.map(([limit, count]) => `| ${count} | ${cell(limit)} |`);
  return rows.length === 0 ? [] : ["", "| worlds refused | because |", "| ---: | --- |", ...rows];
}

/** Text that a Markdown table takes as it is. */
function cell(text: string): string {
  return text.split("\n")[0]!.replaceAll("|", "\\|").replaceAll("<", "\\<");
}
