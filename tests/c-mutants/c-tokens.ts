/** C as tokens: what stands between comments, white space and lines of the preprocessor. */

/** One token: the text from `from` to `to` of its source. */
export interface Token {
  readonly kind: "word" | "number" | "string" | "sign";
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

const trivia = /\s+|\/\/[^\n]*|\/\*[^]*?\*\/|(?<=^[ \t]*)#(?:[^\n]*\\\n)*[^\n]*/my;
const shapes: readonly (readonly [Token["kind"], RegExp])[] = [
  ["word", /[A-Za-z_]\w*/y],
  ["number", /\d[\w.]*/y],
  ["string", /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y],
  ["sign", /->|\+\+|--|<<=|>>=|<<|>>|[<>=!+\-*/%&|^]=|&&|\|\||\.\.\.|[-+*/%&|^!~<>=?:;,.(){}[\]]/y],
];

/** All tokens of `source`. @throws SyntaxError at what is none */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < source.length;) {
    trivia.lastIndex = at;
    if (trivia.test(source)) {
      at = trivia.lastIndex;
      continue;
    }
    const token = tokenAt(source, at);
    tokens.push(token);
    at = token.to;
  }
  return tokens;
}

function tokenAt(source: string, from: number): Token {
  for (const [kind, shape] of shapes) {
    shape.lastIndex = from;
    const [text] = shape.exec(source) ?? [];
    if (text !== undefined) return { kind, text, from, to: from + text.length };
  }
  throw new SyntaxError(`no token of C: ${source.slice(from, from + 20)}`);
}
