/** What TypeDoc's theme lacks for readers who do not see the page: landmarks, and headings without gaps. */

/** The page `html` with both. */
export function accessible(html: string): string {
  const landmarks = html
    .replace('<div class="col-content">', '<div class="col-content" role="main">')
    .replace(
      '<div class="page-menu">',
      '<div class="page-menu" role="complementary" aria-label="This page">',
    );
  // The corner of a table with names in both directions is no heading.
  const corners = landmarks.replaceAll(/<th\b([^>]*)><\/th>/g, "<td$1></td>");
  return withoutGaps(withoutLinksInSummaries(corners));
}

/** A heading is at most one level below the one before it. */
function withoutGaps(html: string): string {
  let last = 0;
  return html.replaceAll(/<h([1-6])\b/g, (tag, digit: string) => {
    const level = Math.min(Number(digit), last + 1);
    last = level;
    return level === Number(digit) ? tag : `${tag} aria-level="${level}"`;
  });
}

/** What opens and closes a section holds no second thing to press: the permalink in its heading goes. */
function withoutLinksInSummaries(html: string): string {
  return html.replaceAll(/<summary[\s\S]*?<\/summary>/g, (summary) =>
    summary.replaceAll(/<a [^>]*class="tsd-anchor-icon"[\s\S]*?<\/a>/g, ""),
  );
}
