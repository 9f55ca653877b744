/**
 * Text from files as a reader may be shown it: a name can hold control characters, which
 * repaint a terminal, and marks that turn the direction of writing, which make it look like
 * another name. They are shown, never sent.
 */

/**
 * C0, DEL and C1 controls; marks and embeddings of direction; line and paragraph
 * separators; what has no width.
 */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\u{e0000}-\u{e007f}]/gu;
/** The same without those that JSON escapes by itself; what is left below a blank are its own line ends. */
const UNSAFE_IN_JSON =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\u{e0000}-\u{e007f}]/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": " " };

/** One line of text: control characters become `\u{1b}`, line ends `\n`. */
export function visible(text: string): string {
  return text.replace(UNSAFE, (char) => SHORT[char] ?? `\\u{${char.codePointAt(0)!.toString(16)}}`);
}

/** Text of several lines: line ends stay. */
export function visibleLines(text: string): string {
  return text.split("\n").map(visible).join("\n");
}

/** JSON that a terminal may be sent: the same document, with unsafe characters in its strings escaped. */
export function visibleJson(value: unknown): string {
  const escaped = (char: string): string =>
    Array.from(
      { length: char.length },
      (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, "0")}`,
    ).join("");
  return JSON.stringify(value, null, 2).replace(UNSAFE_IN_JSON, escaped);
}

/** A document with every string of it visible. */
export function visibleDocument<T>(value: T): T {
  return walk(value) as T;
}

/** What has nothing to mend is handed back as it is: a document can be large. */
function walk(value: unknown): unknown {
  if (typeof value === "string") return visible(value);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) {
    const items: unknown[] = value.map(walk);
    return items.every((item, index) => item === value[index]) ? (value as unknown) : items;
  }
  const entries = Object.entries(value);
  const mended = entries.map(([key, inner]) => [visible(key), walk(inner)] as const);
  const isSame = mended.every(
    ([key, inner], index) => key === entries[index]![0] && inner === entries[index]![1],
  );
  return isSame ? value : Object.fromEntries(mended);
}
