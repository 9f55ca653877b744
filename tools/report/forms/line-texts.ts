/** The text of source lines, for lists that name lines only. */
import type { Report } from "../model.js";

/** Gives the text of `FILE:LINE`, trimmed; empty where the source map carries none. */
export function lineTexts({ sources }: Report): (source: string) => string {
  const texts = new Map<string, string>(
    sources.flatMap(({ file, lines }) =>
      lines.map(({ line, text }): [string, string] => [`${file}:${line}`, text?.trim() ?? ""]),
    ),
  );
  return (source) => texts.get(source) ?? "";
}
