import { cComments, lineAt, type CComment } from "./c-comments.js";

/** A parameter of a function: its name, and its type without it. */
export interface CParameter {
  readonly name: string;
  readonly type: string;
}

/** A function that a header declares or defines, or that a member of a struct points to. */
export interface CFunction {
  readonly name: string;
  readonly line: number;
  readonly isMember: boolean;
  /** The type that it returns. */
  readonly returns: string;
  readonly parameters: readonly CParameter[];
  /** The doc comment in front of it. */
  readonly doc: string | undefined;
  /** The section that it is in: the name, and the comment that follows it. */
  readonly section: { readonly name: string; readonly notes: string };
}

/** A function at the left edge, or a member that points to one; what follows is its parameters. */
const BEGINNING =
  /^(?:(?!#|typedef\b|extern\b)(?:static inline )?(\w[\w \t]*[ *])(\w+)|(?: {4})(\w[\w \t]*[ *])\(\*(\w+)\))\(/gm;

/** The functions of a C header that is formatted. */
export function cFunctions(text: string): CFunction[] {
  const comments = cComments(text);
  const code = comments.reduce(
    (rest, { text: comment, start }) =>
      rest.slice(0, start) + comment.replace(/[^\n]/g, " ") + rest.slice(start + comment.length),
    text,
  );
  return [...code.matchAll(BEGINNING)].flatMap((match) => {
    const [all, type, name, memberType, memberName] = match;
    const open = match.index + all.length;
    const close = closing(code, open);
    if (!/^\)\s*[;{]/.test(code.slice(close))) return [];
    return [
      {
        name: (name ?? memberName)!,
        line: lineAt(text, match.index),
        isMember: memberName !== undefined,
        returns: (type ?? memberType)!.trim(),
        parameters: parameters(code.slice(open, close)),
        doc: docBefore(text, comments, match.index),
        section: memberName === undefined ? sectionAt(text, comments, match.index) : { name: "", notes: "" },
      },
    ];
  });
}

/** Where the parenthesis closes that is open at `from`. */
function closing(code: string, from: number): number {
  let depth = 1;
  let at = from;
  for (; at < code.length && depth > 0; at++) depth += code[at] === "(" ? 1 : code[at] === ")" ? -1 : 0;
  return at - 1;
}

function parameters(list: string): CParameter[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  [...list].forEach((letter, at) => {
    depth += letter === "(" ? 1 : letter === ")" ? -1 : 0;
    if (letter !== "," || depth > 0) return;
    parts.push(list.slice(from, at));
    from = at + 1;
  });
  parts.push(list.slice(from));
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== "void")
    .map((part) => {
      const name = (/\(\*(\w+)\)/.exec(part) ?? /(\w+)(?:\[\w*\])?$/.exec(part))?.[1] ?? "?";
      return { name, type: part.replace(new RegExp(`\\b${name}\\b`), "").trim() };
    });
}

function docBefore(text: string, comments: readonly CComment[], at: number): string | undefined {
  const last = comments.filter(({ start }) => start < at).at(-1);
  if (last === undefined || !last.text.startsWith("/**")) return undefined;
  return text.slice(last.start + last.text.length, at).trim() === "" ? last.text : undefined;
}

function sectionAt(text: string, comments: readonly CComment[], at: number): CFunction["section"] {
  const heading = comments.findLastIndex(({ text: line, start }) => start < at && line.startsWith("///"));
  if (heading === -1) return { name: "", notes: "" };
  const { text: line, start } = comments[heading]!;
  const next = comments[heading + 1];
  const isNote = next !== undefined && !next.text.startsWith("/**") && next.start < at;
  const isBeside = isNote && text.slice(start + line.length, next.start).trim() === "";
  return { name: line.replaceAll("/", "").trim(), notes: isBeside ? next.text : "" };
}
