/** Mutants of WebAssembly text in a string or template: an instruction left out, or another one. */

/** One change of the whole literal. */
export interface TextMutant {
  /** Where in the literal it is. */
  readonly at: number;
  readonly changed: string;
  readonly change: string;
}

/** Forms that may be left out, where what they answer is not needed. */
const removable = ["call", "global.set", "i32.store", "if", "return", "drop", "import", "global"];
/** What is put in an instruction's place. */
const instructions: Readonly<Record<string, string>> = {
  "i32.or": "i32.and",
  "i32.shl": "i32.shr_u",
  "i32.ne": "i32.eq",
};

/** All mutants of a literal as it stands in a source; none when there is no WebAssembly in it. */
export function textMutants(literal: string): TextMutant[] {
  const found: TextMutant[] = [];
  for (const match of literal.matchAll(/\((?=([a-z][\w.]*)[\s)])/g)) {
    const [, head] = match;
    const at = match.index;
    const to = endOf(literal, at);
    const form = literal.slice(at, to);
    const put = (text: string, change: string): void => {
      found.push({ at, changed: literal.slice(0, at) + text + literal.slice(to), change });
    };
    if (removable.includes(head!)) put("", `${short(form)} removed`);
    const other = instructions[head!];
    if (other !== undefined) put(form.replace(head!, other), `${head} ⇒ ${other}`);
    if (head === "i32.eqz") put(form.slice("(i32.eqz ".length, -1), "i32.eqz ⇒ nothing");
    const number = /^\(i32\.const (\d+)\)$/.exec(form)?.[1];
    if (number !== undefined) put(`(i32.const ${Number(number) + 1})`, `${number} ⇒ ${Number(number) + 1}`);
  }
  for (const match of literal.matchAll(/ offset=(\d+)/g))
    found.push({
      at: match.index,
      changed: literal.slice(0, match.index) + literal.slice(match.index + match[0].length),
      change: "offset dropped",
    });
  return found;
}

/** Behind the parenthesis that closes the one at `at`. */
function endOf(text: string, at: number): number {
  let depth = 0;
  for (let end = at; end < text.length; end++) {
    if (text[end] === "(") depth++;
    if (text[end] === ")" && --depth === 0) return end + 1;
  }
  return text.length;
}

function short(form: string): string {
  const line = form.replace(/\s+/g, " ");
  return line.length > 40 ? `${line.slice(0, 38)}…` : line;
}
