/** Pieces of Markdown in which names stay names. */

/** A table; columns in `right` are aligned to the right. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
): string {
  const rule = head.map((_, index) => (right.includes(index) ? "---:" : "---"));
  return [head, rule, ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** What is shown at a click. */
export function fold(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

/** Inline code that a table cell may hold: fenced by more backticks than there are in it. */
export function markdownCode(name: string): string {
  const safe = name.replaceAll("|", "\\|").replaceAll("\n", " ");
  const runs = [...safe.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = "`".repeat(1 + Math.max(0, ...runs));
  return runs.length > 0 || /^ | $/.test(safe) ? `${fence} ${safe} ${fence}` : `${fence}${safe}${fence}`;
}

/** Text in which nothing is markup. */
export function markdownText(value: string): string {
  return value
    .replaceAll("\n", " ")
    .replace(/[\\`*_[\]|~]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;");
}
