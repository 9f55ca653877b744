/** Pieces of C text: comments, and lines at their width. */

/** Columns of a line. */
const WIDTH = 110;

/** A doc comment; empty paragraphs are left out. */
export function docComment(paragraphs: readonly (string | undefined)[], indent = ""): string[] {
  const lines = paragraphs
    .filter((text): text is string => text !== undefined && text !== "")
    .flatMap((text, index) => [...(index === 0 ? [] : [""]), ...commentLines(text)]);
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}

/** A text as lines of a comment, whatever it says. */
export function commentLines(text: string): string[] {
  return text
    .replaceAll("*/", "* /")
    .replaceAll("/*", "/ *")
    .replaceAll("\\", "/")
    .split(/\r?\n/)
    .map((line) => line.trimEnd());
}

/** A statement or declaration on as many lines as it needs, broken behind commas and before operators. */
export function wrapped(line: string): string[] {
  return brokenAt(line, 8, 4);
}

/** Lines are broken `least` columns behind the indent or later; what is left is indented by `more`. */
function brokenAt(line: string, least: number, more: number): string[] {
  if (line.length <= WIDTH) return [line];
  const indent = /^ */.exec(line)![0];
  const breaks = [...line.matchAll(/, | (?=&& )/g)].map(({ index }) => index + (line[index] === "," ? 2 : 1));
  const at = breaks.filter((place) => place <= WIDTH && place > indent.length + least).at(-1);
  if (at === undefined) return [line];
  const rest = `${indent.padEnd(indent.length + more)}${line.slice(at)}`;
  return [line.slice(0, at).trimEnd(), ...brokenAt(rest, 0, 0)];
}
