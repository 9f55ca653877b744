/**
 * The functions of a C file as trees of statements and expressions, each with its place in the text. Reads
 * what this repository writes: C99 without labels, declarations that begin with a word of `typeWords` or a
 * name in `_t`, and both sides of an `#ifdef` between statements, one after the other.
 */
import { type Token, tokensOf } from "./c-tokens.js";

/** A part of the text. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** An expression; `parts` are its operands in the order of the text. */
export interface Expression extends Range {
  readonly kind:
    | "binary"
    | "assignment"
    | "prefix"
    | "postfix"
    | "conditional"
    | "call"
    | "index"
    | "member"
    | "cast"
    | "parenthesis"
    | "sizeof"
    | "name"
    | "number"
    | "string";
  /** The operator of the first four, the name of a name. */
  readonly sign: string;
  readonly parts: readonly Expression[];
}

/** A statement, or what may stand in its place. */
export interface Statement extends Range {
  readonly kind:
    | "expression"
    | "declaration"
    | "block"
    | "if"
    | "while"
    | "do"
    | "for"
    | "switch"
    | "return"
    | "break"
    | "continue"
    | "label";
  /** What decides how it goes on: of `if`, `while`, `do`, `switch`, and mostly of `for`. */
  readonly condition?: Expression;
  /** All that it evaluates, its condition too; of a declaration the initial values. */
  readonly expressions: readonly Expression[];
  readonly statements: readonly Statement[];
}

/** A function with its body. */
export interface FunctionTree extends Range {
  readonly name: string;
  readonly isBool: boolean;
  readonly body: Statement;
}

const typeWords = new Set(
  "const static struct enum union void bool char short int long unsigned signed float double volatile".split(
    " ",
  ),
);

/** By how tightly an operator binds. */
const precedence: Readonly<Record<string, number>> = Object.fromEntries(
  ["||", "&&", "|", "^", "&", "== !=", "< > <= >=", "<< >>", "+ -", "* / %"].flatMap((signs, index) =>
    signs.split(" ").map((sign) => [sign, index + 1] as const),
  ),
);
const assignments = new Set("= += -= *= /= %= &= |= ^= <<= >>=".split(" "));
const prefixes = new Set("! ~ - + * & ++ --".split(" "));

/** The functions of a file, in the order of the text. @throws SyntaxError where the text is not understood */
export function functionsOf(source: string): FunctionTree[] {
  return new Reader(tokensOf(source)).functions();
}

class Reader {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  functions(): FunctionTree[] {
    const found: FunctionTree[] = [];
    let first = 0;
    while (this.at < this.tokens.length) {
      const before = this.tokens[this.at - 1];
      if (!this.is("{")) {
        if (this.is(";") || this.is("}")) first = this.at + 1;
        this.at++;
      } else if (before?.text === ")") {
        const { name, at } = this.functionName();
        const isBool = this.tokens.slice(first, at).at(-1)?.text === "bool";
        const body = this.block();
        found.push({ name, isBool, from: this.tokens[first]!.from, to: body.to, body });
        first = this.at;
      } else if (before?.kind === "string") {
        this.at++; // extern "C" {
        first = this.at;
      } else {
        this.skip("{", "}");
      }
    }
    return found;
  }

  /** The name in front of the parameters that end here. */
  private functionName(): { readonly name: string; readonly at: number } {
    let depth = 0;
    for (let at = this.at - 1; at > 0; at--) {
      const { text } = this.tokens[at]!;
      if (text === ")") depth++;
      if (text === "(" && --depth === 0) return { name: this.tokens[at - 1]!.text, at: at - 1 };
    }
    throw this.strange();
  }

  /// Tokens ///

  private is(text: string): boolean {
    const token = this.tokens[this.at];
    return token?.text === text && token.kind !== "string";
  }

  private take(): Token {
    const token = this.tokens[this.at++];
    if (token === undefined) throw new SyntaxError("the file ends in the middle of a function");
    return token;
  }

  private takeIf(text: string): boolean {
    const is = this.is(text);
    if (is) this.at++;
    return is;
  }

  private expect(text: string): Token {
    if (!this.is(text)) throw this.strange();
    return this.take();
  }

  private strange(): SyntaxError {
    const near = this.tokens.slice(Math.max(0, this.at - 4), this.at + 4).map(({ text }) => text);
    return new SyntaxError(`C that is not understood, near: ${near.join(" ")}`);
  }

  private skip(open: string, close: string): void {
    let depth = 0;
    do {
      if (this.is(open)) depth++;
      if (this.is(close)) depth--;
      this.take();
    } while (depth > 0);
  }

  private get from(): number {
    return this.tokens[this.at]!.from;
  }

  private get to(): number {
    return this.tokens[this.at - 1]!.to;
  }

  /// Statements ///

  private block(): Statement {
    const { from } = this.expect("{");
    const statements: Statement[] = [];
    while (!this.is("}")) statements.push(this.statement());
    return { kind: "block", from, to: this.take().to, expressions: [], statements };
  }

  private statement(): Statement {
    const { from } = this;
    const end = (kind: Statement["kind"], expressions: readonly Expression[] = []): Statement => ({
      kind,
      from,
      to: this.to,
      expressions,
      statements: [],
    });
    const decided = (
      kind: Statement["kind"],
      condition: Expression,
      ...statements: readonly Statement[]
    ): Statement => ({ ...end(kind, [condition]), condition, statements });
    if (this.is("{")) return this.block();
    const word = this.tokens[this.at]!.text;
    switch (word) {
      case "if": {
        this.take();
        const condition = this.inParentheses();
        const statements = [this.statement()];
        if (this.takeIf("else")) statements.push(this.statement());
        return decided("if", condition, ...statements);
      }
      case "while":
      case "switch": {
        this.take();
        const condition = this.inParentheses();
        const body = this.statement();
        return decided(word, condition, body);
      }
      case "do": {
        this.take();
        const body = this.statement();
        this.expect("while");
        const condition = this.inParentheses();
        this.expect(";");
        return decided("do", condition, body);
      }
      case "for":
        return this.forStatement();
      case "case":
        this.take();
        this.expression();
        this.expect(":");
        return end("label");
      case "default":
        this.take();
        this.expect(":");
        return end("label");
      case "return": {
        this.take();
        const value = this.is(";") ? [] : [this.expression()];
        this.expect(";");
        return end("return", value);
      }
      case "break":
      case "continue":
        this.take();
        this.expect(";");
        return end(word);
    }
    if (this.isType(this.at)) {
      const values = this.declaration();
      return end("declaration", values);
    }
    const value = this.is(";") ? [] : [this.expression()];
    this.expect(";");
    return end("expression", value);
  }

  private forStatement(): Statement {
    const { from } = this.take();
    this.expect("(");
    const begin = this.upTo(";");
    const condition = this.upTo(";");
    const step = this.upTo(")");
    const body = this.statement();
    const expressions = [...begin, ...condition, ...step];
    const decides = condition[0] === undefined ? {} : { condition: condition[0] };
    return { kind: "for", from, to: this.to, ...decides, expressions, statements: [body] };
  }

  /** An expression, or a declaration's values, or nothing, and what ends it. */
  private upTo(end: string): Expression[] {
    if (this.takeIf(end)) return [];
    if (this.isType(this.at)) return this.declaration();
    const found = this.expression();
    this.expect(end);
    return [found];
  }

  private inParentheses(): Expression {
    this.expect("(");
    const inner = this.expression();
    this.expect(")");
    return inner;
  }

  private isType(at: number): boolean {
    const token = this.tokens[at];
    return token?.kind === "word" && (typeWords.has(token.text) || token.text.endsWith("_t"));
  }

  private typeName(): void {
    while (this.isType(this.at) || this.is("*")) {
      const { text } = this.take();
      if (text === "struct" || text === "enum" || text === "union") this.take();
    }
  }

  /**
   * @returns the initial values of what is declared; a static's are none, for they are fixed before the
   * program runs
   */
  private declaration(): Expression[] {
    const isStatic = this.is("static");
    const values: Expression[] = [];
    this.typeName();
    while (!this.takeIf(";")) {
      if (this.is("[")) this.skip("[", "]");
      else if (!this.takeIf("=")) this.take();
      else if (this.is("{")) this.skip("{", "}");
      else values.push(this.assignment());
    }
    return isStatic ? [] : values;
  }

  /// Expressions ///

  private expression(): Expression {
    let left = this.assignment();
    while (this.is(",")) left = this.joined("binary", left, this.take().text, this.assignment());
    return left;
  }

  private joined(
    kind: Expression["kind"],
    left: Expression,
    sign: string,
    ...others: Expression[]
  ): Expression {
    return { kind, sign, from: left.from, to: this.to, parts: [left, ...others] };
  }

  private assignment(): Expression {
    const left = this.conditional();
    if (!assignments.has(this.tokens[this.at]?.text ?? "")) return left;
    const sign = this.take().text;
    const value = this.assignment();
    return this.joined("assignment", left, sign, value);
  }

  private conditional(): Expression {
    const condition = this.binary(1);
    if (!this.takeIf("?")) return condition;
    const yes = this.expression();
    this.expect(":");
    const no = this.conditional();
    return this.joined("conditional", condition, "?", yes, no);
  }

  private binary(least: number): Expression {
    let left = this.unary();
    for (;;) {
      const sign = this.tokens[this.at]?.text ?? "";
      const binds = precedence[sign] ?? 0;
      if (binds < least) return left;
      this.take();
      const right = this.binary(binds + 1);
      left = this.joined("binary", left, sign, right);
    }
  }

  private unary(): Expression {
    const { from } = this;
    if (this.takeIf("sizeof")) {
      if (this.is("(")) this.skip("(", ")");
      else this.unary();
      return { kind: "sizeof", sign: "sizeof", from, to: this.to, parts: [] };
    }
    if (this.is("(") && this.isType(this.at + 1)) {
      this.take();
      this.typeName();
      this.expect(")");
      const value = this.unary();
      return { kind: "cast", sign: "", from, to: this.to, parts: [value] };
    }
    if (prefixes.has(this.tokens[this.at]!.text)) {
      const sign = this.take().text;
      const value = this.unary();
      return { kind: "prefix", sign, from, to: this.to, parts: [value] };
    }
    return this.postfix(this.primary());
  }

  private primary(): Expression {
    const { from } = this;
    if (this.is("(")) {
      const inner = this.inParentheses();
      return { kind: "parenthesis", sign: "", from, to: this.to, parts: [inner] };
    }
    const { kind, text } = this.take();
    if (kind === "sign") throw this.strange();
    if (kind === "string") while (this.tokens[this.at]?.kind === "string") this.take();
    return { kind: kind === "word" ? "name" : kind, sign: text, from, to: this.to, parts: [] };
  }

  private postfix(first: Expression): Expression {
    let left = first;
    for (;;) {
      if (this.is("(")) {
        const parts = this.list();
        left = this.joined("call", left, "", ...parts);
      } else if (this.takeIf("[")) {
        const index = this.expression();
        this.expect("]");
        left = this.joined("index", left, "", index);
      } else if (this.is("->") || this.is(".")) {
        this.take();
        const { text } = this.take();
        left = this.joined("member", left, text);
      } else if (this.is("++") || this.is("--")) {
        left = this.joined("postfix", left, this.take().text);
      } else {
        return left;
      }
    }
  }

  private list(): Expression[] {
    const parts: Expression[] = [];
    this.expect("(");
    while (!this.takeIf(")")) {
      parts.push(this.assignment());
      if (!this.is(")")) this.expect(",");
    }
    return parts;
  }
}
