/** WIT text as tokens: enough to find items again whose place wasm-tools does not tell. */

/** One token: an identifier without its `%`, a number, or a sign. */
export interface Token {
  readonly text: string;
  /** Offset of its first character. */
  readonly offset: number;
  /** The doc comment right in front of it. */
  readonly docs?: string;
}

const form =
  /\/\/\/[^\n]*|\/\*\*(?!\/)[\s\S]*?\*\/|\/\/[^\n]*|\/\*[\s\S]*?\*\/|%?[\w-]+(?:\.\d(?:[\w.+-]*[\w+-])?)?|->|\S/g;

/** The tokens of `text`; comments are none, but doc comments come with the token behind them. */
export function witTokens(text: string): Token[] {
  const found: Token[] = [];
  let docs: string[] = [];
  for (const match of text.matchAll(form)) {
    const piece = match[0];
    if (/^\/\/\/|^\/\*\*/.test(piece)) docs.push(...docLines(piece));
    if (/^\/[/*]/.test(piece)) continue;
    const comment = docs.join("\n").trim();
    found.push({ text: piece.replace(/^%/, ""), offset: match.index, ...(comment && { docs: comment }) });
    docs = [];
  }
  return found;
}

function docLines(comment: string): string[] {
  if (comment.startsWith("///")) return [comment.replace(/^\/\/\/ ?/, "").trimEnd()];
  const body = comment.slice(3, -2);
  return body.split("\n").map((line) => line.replace(/^\s*(?:\*(?!\/))? ?/, "").trimEnd());
}
