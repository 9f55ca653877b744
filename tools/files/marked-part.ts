/** The part of a text that a program writes: between two marks, which stay where they are. */

/** A text in three. */
export interface MarkedPart {
  /** Up to the first mark, with it. */
  readonly before: string;
  readonly part: string;
  /** From the second mark on. */
  readonly after: string;
}

/** Splits `text`, the content of `path`. @throws Error when it has no part between `begin` and `end` */
export function markedPart(path: string, text: string, begin: string, end: string): MarkedPart {
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(end);
  if (from < begin.length || to < from)
    throw new Error(`${path} has no table between ${begin.trim()} and ${end.trim()}`);
  return { before: text.slice(0, from), part: text.slice(from, to), after: text.slice(to) };
}
