/**
 * The text that a guest's source gives a trap. The module has none of it: it is read
 * in the source map's copy of the source.
 */

const string = /^(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`)/s;

/**
 * The text of the `throw`, `abort` or `assert` that the trap stands in.
 * @param around the source up to the trap's position, and from there on
 * @returns null where it gives none that is a constant
 */
export function trapText(around: readonly [string, string] | null): string | null {
  if (!around) return null;
  const [before, after] = around;
  const source = before + after;
  const ends = [
    ...source.matchAll(/\bthrow\s+new\s+[\w.$]+\s*\(|\bthrow\s+(?=["'`])|\b(?:assert|abort)\s*\(/g),
  ];
  const within = ends.filter(({ index, 0: head }) => {
    if (index > before.length) return false;
    if (!head.endsWith("("))
      return before.length <= index + head.length + literalLength(source, index + head.length);
    return before.length < index + head.length || closing(source, index + head.length).end > before.length;
  });
  const last = within.at(-1);
  if (!last) return null;
  const text = thrownText(source, last);
  const found = string.exec(text);
  if (!found || found[0].length !== text.length) return null;
  const [, double, single, template] = found;
  if (template?.includes("${")) return null;
  return unescaped(double ?? single ?? template ?? "") || null;
}

/** What the statement says, as written. */
function thrownText(source: string, { index, 0: head }: RegExpExecArray): string {
  const start = index + head.length;
  if (!head.endsWith("(")) {
    const end = start + literalLength(source, start);
    return /^\s*(;|\}|\n|$)/.test(source.slice(end)) ? source.slice(start, end) : "";
  }
  const { args } = closing(source, start);
  return (head.startsWith("assert") ? args[1] : args[0])?.trim() ?? "";
}

/** The length of the literal at `start`; 0 where it does not end. */
function literalLength(source: string, start: number): number {
  return string.exec(source.slice(start, start + 4096))?.[0].length ?? 0;
}

/**
 * The arguments of a call whose first one begins at `start`, as written, and where its parenthesis closes.
 */
function closing(source: string, start: number): { args: string[]; end: number } {
  const args: string[] = [];
  let depth = 0;
  let from = start;
  for (let at = start; at < source.length; at++) {
    const literal = string.exec(source.slice(at, at + 4096));
    if (literal) {
      at += literal[0].length - 1;
      continue;
    }
    const char = source[at]!;
    if (depth === 0 && (char === "," || char === ")")) {
      args.push(source.slice(from, at));
      from = at + 1;
    }
    if (char === ")" && depth === 0) return { args, end: at };
    if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) depth--;
  }
  return { args, end: start };
}

function unescaped(text: string): string {
  const named: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "0": "\0" };
  return text.replaceAll(
    /\\(?:u\{([0-9a-f]+)\}|u([0-9a-f]{4})|x([0-9a-f]{2})|(.))/gis,
    (_, long, short, byte, one) => {
      const code = (long ?? short ?? byte) as string | undefined;
      return code === undefined
        ? (named[one as string] ?? (one as string))
        : String.fromCodePoint(parseInt(code, 16));
    },
  );
}
