/**
 * Which function of a source file each line is in, by the name that its author gave it: `filter`,
 * `Reader#next`. Reads AssemblyScript, TypeScript and JavaScript by their brackets alone, so that
 * text that no compiler takes has names, too; where they do not match, there are no names.
 */

const READABLE = /\.(?:ts|mts|cts|js|mjs|cjs|as)$/;
const TOKEN =
  /\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|"(?:\\[^]|[^"\\\n])*"?|'(?:\\[^]|[^'\\\n])*'?|`(?:\\[^]|[^`\\])*`?|[\p{ID_Start}_$][\p{ID_Continue}$]*|=>|[^\s]/gu;
const CONTAINERS: ReadonlySet<string> = new Set(["class", "namespace", "module", "interface", "enum"]);
const STATEMENTS: ReadonlySet<string> = new Set(
  "if for while switch do else try catch finally return with".split(" "),
);
/** Code is not nested deeper than this; what is was written to be slow. */
const DEEPEST = 200;
const NAME = /^[\p{ID_Start}_$]/u;

/** An open bracket `{`: what it is of, and what stood in front of it. */
interface Block {
  readonly name: string | null;
  readonly kind: "function" | "class" | "namespace" | "plain";
  /** The line on which its declaration begins. */
  readonly line: number;
  /** Where it stands inside of parentheses, what was in front goes on behind it. */
  readonly header: Header | null;
}

/** Tokens since the last statement ended; what is in parentheses counts as `()`. */
interface Header {
  readonly tokens: string[];
  line: number;
  depth: number;
}

/**
 * The function that each line of `file`, from 1 on, is in; null outside of functions, and for files of other
 * languages. A line that two functions share is in the inner one.
 */
export function sourceFunctions(file: string, text: string): (line: number) => string | null {
  if (!READABLE.test(file)) return () => null;
  const names = new Map<number, string>();
  const blocks: Block[] = [];
  let header: Header = { tokens: [], line: 1, depth: 0 };
  let line = 1;
  let counted = 0;
  let isMatched = true;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    for (; counted < index; counted++) if (text.charCodeAt(counted) === 10) line++;
    if (token.startsWith("//") || token.startsWith("/*")) continue;
    if (header.tokens.length === 0 && header.depth === 0) header.line = line;
    if (token === "{") {
      if (blocks.length === DEEPEST) return () => null;
      const isInside = header.depth > 0;
      blocks.push(isInside ? plain(line, header) : opened(header, blocks));
      header = { tokens: [], line, depth: 0 };
    } else if (token === "}") {
      const block = blocks.pop();
      if (!block) isMatched = false;
      if (block?.kind === "function") nameLines(names, block, line);
      header = block?.header ?? { tokens: [], line, depth: 0 };
    } else if (token === "(" || token === "[") {
      if (header.depth++ === 0) header.tokens.push(token === "(" ? "()" : "[]");
    } else if (token === ")" || token === "]") header.depth = Math.max(0, header.depth - 1);
    else if (header.depth > 0) continue;
    else if (token === ";") header = { tokens: [], line, depth: 0 };
    else header.tokens.push(token);
  }
  if (!isMatched || blocks.length > 0) return () => null;
  return (wanted) => names.get(wanted) ?? null;
}

/** Functions end from the innermost on: a line that has a name keeps it. */
function nameLines(names: Map<number, string>, { name, line: first }: Block, last: number): void {
  for (let line = first; line <= last; line++) if (!names.has(line)) names.set(line, name!);
}

function plain(line: number, header: Header | null): Block {
  return { name: null, kind: "plain", line, header };
}

function opened({ tokens, line }: Header, blocks: readonly Block[]): Block {
  const outer = blocks.findLast(({ kind }) => kind === "class" || kind === "namespace");
  const isIn = (kind: Block["kind"]): boolean => blocks.at(-1)?.kind === kind;
  const container = tokens.findIndex((token) => CONTAINERS.has(token));
  if (container >= 0 && NAME.test(tokens[container + 1] ?? "")) {
    const kind = tokens[container] === "class" ? "class" : "namespace";
    return { name: qualified(outer, tokens[container + 1]!, "."), kind, line, header: null };
  }
  const keyword = tokens.indexOf("function");
  if (keyword >= 0) {
    const name = tokens.slice(keyword + 1).find((token) => NAME.test(token)) ?? assigned(tokens);
    return name === null
      ? plain(line, null)
      : { name: qualified(outer, name, "."), kind: "function", line, header: null };
  }
  if (isIn("class") && !STATEMENTS.has(tokens[0] ?? "")) {
    const name = methodName(tokens);
    const sign = tokens.includes("static") ? "." : "#";
    if (name !== null) return { name: qualified(outer, name, sign), kind: "function", line, header: null };
  }
  if (tokens.at(-1) === "=>" && !blocks.some(({ kind }) => kind === "function")) {
    const name = assigned(tokens);
    if (name !== null) return { name: qualified(outer, name, "."), kind: "function", line, header: null };
  }
  return plain(line, null);
}

function qualified(outer: Block | undefined, name: string, sign: string): string {
  return outer?.name ? `${outer.name}${sign}${name}` : name;
}

/** The name in front of the parameters: `next` of `@inline next<T>(): bool`. */
function methodName(tokens: readonly string[]): string | null {
  let at = tokens.lastIndexOf("()") - 1;
  if (tokens[at] === ">") at = tokens.lastIndexOf("<", at) - 1;
  const name = tokens[at];
  return name !== undefined && NAME.test(name) ? name : null;
}

/** What a function without a name is assigned to: `f` of `const f = (x) =>`. */
function assigned(tokens: readonly string[]): string | null {
  const at = tokens.indexOf("=");
  const names = tokens.slice(0, Math.max(0, at)).join(" ").split(" : ")[0]!.split(" ");
  const name = names.at(-1)!;
  return at > 0 && NAME.test(name) ? name : null;
}
