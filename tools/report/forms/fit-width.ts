/** Text that fits a terminal: columns that give way, names cut in the middle, sentences that go on below. */
import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";

/** Columns of a text that goes to no terminal. */
export const PIPED_WIDTH = 80;
/** A column is not cut below this. */
const LEAST_COLUMN = 8;
const GAP = 2;

/** Cells that `text` takes on a terminal. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** A name cut in the middle to at most `width` cells; colours around it stay. */
export function cutMiddle(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const [, before, inner, after] = /^((?:\u001b\[[\d;]*m)*)([^]*?)((?:\u001b\[[\d;]*m)*)$/.exec(text)!;
  const chars = [...stripVTControlCharacters(inner!)];
  const room = width - 1;
  const head = takeWhile(chars, Math.ceil(room / 2));
  const tail = takeWhile(chars.toReversed(), room - widthOf(head));
  return `${before!}${head}…${[...tail].toReversed().join("")}${after!}`;
}

function takeWhile(chars: readonly string[], width: number): string {
  let text = "";
  for (const char of chars) {
    if (widthOf(text + char) > width) break;
    text += char;
  }
  return text;
}

/**
 * Widths of columns of these natural widths, so that they fit `width`: the
 * widest that may be cut give way first.
 */
export function fitColumns(natural: readonly number[], width: number, fixed: readonly number[]): number[] {
  const widths = [...natural];
  const total = (): number => widths.reduce((sum, each) => sum + each + GAP, -GAP);
  while (total() > width) {
    const widest = widths.reduce(
      (best, each, index) => (!fixed.includes(index) && (best < 0 || each > widths[best]!) ? index : best),
      -1,
    );
    if (widest < 0 || widths[widest]! <= LEAST_COLUMN) break;
    widths[widest]!--;
  }
  return widths;
}

/**
 * Lines of at most `width` cells: what is longer goes on below, further in; a word
 * that is too long is cut in the middle.
 */
export function wrapLine(line: string, width: number): string[] {
  if (widthOf(line) <= width) return [line];
  const [, indent, rest] = /^( *)([^]*)$/.exec(line)!;
  const lines: string[] = [];
  let current = indent!;
  for (const word of rest!.split(" ")) {
    const longer = current.trim() === "" ? current + word : `${current} ${word}`;
    if (widthOf(longer) <= width || current.trim() === "") current = longer;
    else {
      lines.push(current);
      current = `${indent!}  ${word}`;
    }
  }
  return [...lines, current].map((each) => cutMiddle(each, width));
}
