/** Comments of TypeScript and AssemblyScript that are wider than a line of code may be. */
import ts from "typescript";

/** Where a comment lies in its text. */
export interface Comment {
  readonly pos: number;
  readonly end: number;
}

/** All comments of `text`, in order. */
export function commentsOf(file: string, text: string): Comment[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = new Map<number, Comment>();
  const visit = (node: ts.Node): void => {
    const ranges = [
      ...(ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(text, node.end) ?? []),
    ];
    for (const { pos, end } of ranges) found.set(pos, { pos, end });
    node.getChildren(source).forEach(visit);
  };
  visit(source);
  return [...found.values()].sort((a, b) => a.pos - b.pos);
}

/** The lines of comments with more than `width` columns, as `LINE: TEXT`. */
export function wideComments(file: string, text: string, width: number): string[] {
  const lines = text.split("\n");
  const lineOf = (offset: number): number => text.slice(0, offset).split("\n").length - 1;
  const wide = new Set<number>();
  for (const { pos, end } of commentsOf(file, text))
    for (let line = lineOf(pos); line <= lineOf(end); line++) if (lines[line]!.length > width) wide.add(line);
  return [...wide].map((line) => `${line + 1}: ${lines[line]!.trim()}`);
}
