/**
 * Calls as text: `c = counter(5)`, `c.push(1)`, `drop c`. Arguments are WAVE, the text format of component
 * values, and names. What a word means, a type says; here are its place and its form alone.
 */

/** Text that is no call; `at` is the character where it goes wrong, counted from 0. */
export class CallMismatch extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

/** Where a part of the text stands. */
export interface Span {
  readonly at: number;
  readonly end: number;
}

/** A label and where it stands. */
export interface Label extends Span {
  readonly label: string;
}

/** An argument, or a part of one. */
export type Argument = Span &
  (
    | { readonly kind: "number"; readonly text: string }
    | { readonly kind: "char" | "string"; readonly text: string }
    | { readonly kind: "tuple" | "list"; readonly items: readonly Argument[] }
    | { readonly kind: "record"; readonly fields: readonly (Label & { readonly value: Argument })[] }
    | { readonly kind: "flags"; readonly labels: readonly Label[] }
    | Word
  );

/** A label, a case with its payload, or a name with a path into what it stands for. */
export interface Word extends Span {
  readonly kind: "word";
  readonly label: string;
  /** Fields and places behind the name, each after a dot. */
  readonly path: readonly string[];
  readonly payload: Argument | null;
  /** `%label` is always a label. */
  readonly isLabel: boolean;
}

/** What one argument of the command line says. */
export type CallText =
  | { readonly kind: "drop"; readonly name: Word }
  | {
      readonly kind: "call";
      /** What the result is called from then on. */
      readonly name: Label | null;
      readonly target: Label;
      readonly args: readonly Argument[];
      /** Where the arguments stand. */
      readonly list: Span;
    };

const SPACE = /\s*/y;
const NUMBER = /-?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|inf\b)/y;
const WORD = /%?[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*/y;
const STEP = /\.([A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)*)/y;
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "0": "\0" };

/** Reads a call. @throws CallMismatch */
export function parseCall(text: string): CallText {
  const drop = /^\s*drop\s+(?=[^\s(=])/.exec(text);
  if (drop) {
    const parser = new Parser(text, drop[0].length);
    const name = parser.word();
    parser.end();
    return { kind: "drop", name };
  }
  const named = /^(\s*)([^\s=(]+)(\s*=)/.exec(text);
  const open = text.indexOf("(");
  const start = named ? named[0].length : 0;
  if (open < start) throw new CallMismatch("a call has its arguments in parentheses: NAME()", text.length);
  const parser = new Parser(text, open);
  const list = parser.argument();
  parser.end();
  const target = spanOf(text, start, open);
  if (target.label === "") throw new CallMismatch("the name of a function is missing", start);
  return {
    kind: "call",
    name: named ? nameOf(text, named[1]!.length, named[1]!.length + named[2]!.length) : null,
    target,
    args: (list as Argument & { kind: "tuple" }).items,
    list,
  };
}

function nameOf(text: string, at: number, end: number): Label {
  const label = text.slice(at, end);
  if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(label) || RESERVED.includes(label))
    throw new CallMismatch(`${label} cannot be a name; take letters and digits`, at);
  return { label, at, end };
}

/** Words that are values. */
const RESERVED = ["true", "false", "some", "none", "ok", "err", "inf", "nan", "drop"];

function spanOf(text: string, start: number, end: number): Label {
  const part = text.slice(start, end);
  const at = start + part.length - part.trimStart().length;
  const label = part.trim();
  return { label, at, end: at + label.length };
}

class Parser {
  constructor(
    private readonly text: string,
    private at: number,
  ) {}

  /** Nothing may follow. */
  end(): void {
    this.skip();
    if (this.at < this.text.length) throw this.refusal("nothing more is expected here");
  }

  argument(): Argument {
    this.skip();
    const { at } = this;
    const first = this.text[at];
    if (first === "(") return this.spanned(at, { kind: "tuple", items: this.items(")") });
    if (first === "[") return this.spanned(at, { kind: "list", items: this.items("]") });
    if (first === "{") return this.braces();
    if (first === '"') return this.spanned(at, { kind: "string", text: this.quoted('"') });
    if (first === "'") return this.spanned(at, { kind: "char", text: this.quoted("'") });
    const number = this.match(NUMBER);
    if (number !== null) return this.spanned(at, { kind: "number", text: number[0] });
    return this.word();
  }

  word(): Word {
    const { label, isLabel, at } = this.label();
    const path: string[] = [];
    for (let step = this.match(STEP); step !== null; step = this.match(STEP)) path.push(step[1]!);
    if (this.text[this.at] !== "(")
      return { kind: "word", label, isLabel, path, payload: null, at, end: this.at };
    if (path.length > 0) throw this.refusal("a call cannot be an argument; give its result a name before");
    this.at++;
    const payload = this.argument();
    this.take(")");
    return { kind: "word", label, isLabel, path, payload, at, end: this.at };
  }

  private label(): Label & { readonly isLabel: boolean } {
    this.skip();
    const { at } = this;
    const word = this.match(WORD)?.[0];
    if (word === undefined) throw this.refusal("a value or a name is expected here");
    const isLabel = word.startsWith("%");
    return { label: isLabel ? word.slice(1) : word, isLabel, at, end: this.at };
  }

  /** A record, or flags. */
  private braces(): Argument {
    const { at } = this;
    this.at++;
    this.skip();
    if (this.isNext(":")) {
      this.take(":");
      this.take("}");
      return this.spanned(at, { kind: "record", fields: [] });
    }
    const labels: Label[] = [];
    const fields: (Label & { value: Argument })[] = [];
    while (!this.isNext("}")) {
      const label = this.label();
      if (labels.length === 0 && this.isNext(":")) {
        this.take(":");
        fields.push({ ...label, value: this.argument() });
      } else if (fields.length > 0) this.take(":");
      else labels.push(label);
      this.separate("}");
    }
    this.take("}");
    return this.spanned(at, fields.length > 0 ? { kind: "record", fields } : { kind: "flags", labels });
  }

  private items(close: ")" | "]"): Argument[] {
    this.at++;
    const items: Argument[] = [];
    while (!this.isNext(close)) {
      items.push(this.argument());
      this.separate(close);
    }
    this.take(close);
    return items;
  }

  private quoted(quote: '"' | "'"): string {
    this.at++;
    let text = "";
    for (;;) {
      const character = this.text[this.at];
      if (character === undefined) throw this.refusal(`the closing ${quote} is missing`);
      if (character === quote) break;
      text += character === "\\" ? this.escape() : this.advance(1);
    }
    this.at++;
    return text;
  }

  private escape(): string {
    const code = this.match(/\\u\{([0-9a-fA-F]{1,6})\}/y)?.[1];
    if (code !== undefined) {
      const point = parseInt(code, 16);
      if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
        throw this.refusal(`\\u{${code}} is no character`);
      return String.fromCodePoint(point);
    }
    const character = this.text[this.at + 1] ?? "";
    const known = /^["'\\]$/.test(character) ? character : ESCAPES[character];
    if (known === undefined)
      throw this.refusal(`\\${character} is no escape; there are \\n \\t \\" \\\\ \\u{…}`);
    this.at += 2;
    return known;
  }

  private advance(count: number): string {
    this.at += count;
    return this.text.slice(this.at - count, this.at);
  }

  private separate(close: string): void {
    if (this.isNext(close)) return;
    if (!this.isNext(",")) throw this.refusal(`a comma or ${close} is expected here`);
    this.take(",");
  }

  private isNext(character: string): boolean {
    this.skip();
    return this.text[this.at] === character;
  }

  private take(character: string): void {
    if (!this.isNext(character)) throw this.refusal(`${character} is expected here`);
    this.at++;
  }

  private skip(): void {
    this.match(SPACE);
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found !== null) this.at += found[0].length;
    return found;
  }

  private spanned<T extends object>(at: number, part: T): T & Span {
    return { ...part, at, end: this.at };
  }

  private refusal(message: string): CallMismatch {
    return new CallMismatch(message, this.at);
  }
}
