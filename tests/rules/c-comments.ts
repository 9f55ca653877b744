/** One comment of a C file, as it stands there. */
export interface CComment {
  readonly text: string;
  /** Characters in front of it. */
  readonly start: number;
}

/** Comments, and the texts in which one could seem to begin. */
const TOKEN = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;

/** The comments of a C file, in order. */
export function cComments(text: string): CComment[] {
  return [...text.matchAll(TOKEN)]
    .filter(([token]) => token.startsWith("/"))
    .map((match) => ({ text: match[0], start: match.index }));
}

/** The line of a place in a text, from 1. */
export function lineAt(text: string, place: number): number {
  return text.slice(0, place).split("\n").length;
}

/**
 * The comments of a C file that are not of its one dialect: `line: what`. Comments are
 * `/* … *\/`, doc comments `/** … *\/` with the tags `@param` and `@returns` and no other; a
 * section begins with a line `/// Name ///`.
 */
export function otherDialect(_path: string, text: string): string[] {
  return cComments(text).flatMap(({ text: comment, start }) =>
    wrong(comment).map((what) => `${lineAt(text, start)}: ${what}`),
  );
}

function wrong(comment: string): string[] {
  if (comment.startsWith("//")) return /^\/\/\/ \S.* \/\/\/$/.test(comment) ? [] : ["//"];
  const opening = /^\/\*\*?\s/.test(comment) ? null : /^\/\*+[^\s*]?/.exec(comment);
  const tags = [...comment.matchAll(/(?:^|\s)([@\\][a-z]+)\b/g)].map(([, tag]) => tag!);
  return [
    ...(opening === null ? [] : [opening[0]]),
    ...tags.filter((tag) => tag !== "@param" && tag !== "@returns"),
  ];
}
