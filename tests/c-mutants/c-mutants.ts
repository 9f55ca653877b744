/**
 * Generic mutants of a C file: an operator, a constant, a condition, a statement or the order of two changed
 * at a time.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cRoot } from "../../tools/c-sources/c-sources.js";
import { type Expression, type FunctionTree, functionsOf, type Statement } from "./c-syntax.js";
import type { AnyMutant } from "../mutants/witness.js";

/** A part of the text that another one stands in for. An empty part is a place to put a statement at. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly isStatement: boolean;
}

/** One change. */
export interface CMutant extends AnyMutant {
  readonly lines: readonly [number, number];
  readonly edits: readonly Edit[];
}

/** What is put in an operator's place. */
const operators: Readonly<Record<string, readonly string[]>> = {
  "==": ["!="],
  "!=": ["=="],
  "<": ["<=", ">="],
  ">": [">=", "<="],
  "<=": ["<", ">"],
  ">=": [">", "<"],
  "&&": ["||"],
  "||": ["&&"],
  "+": ["-"],
  "-": ["+"],
  "*": ["+"],
  "/": ["*"],
  "%": ["/"],
  "&": ["|"],
  "|": ["&"],
  "^": ["|"],
  "<<": [">>"],
  ">>": ["<<"],
  "=": [],
  "+=": ["-="],
  "-=": ["+="],
  "|=": ["&="],
  "&=": ["|="],
  "^=": ["|="],
  "++": ["--"],
  "--": ["++"],
};

/** A constant's name. `NULL` is the only one that no number can stand in for. */
const constantName = /^(?!NULL$)[A-Z][A-Z0-9_]+$/;
/** What makes a constant of a literal. */
const literalMacro = /^U?INT\d+_C$/;

/** All mutants of one file, in the order of the text. */
export function mutantsOf(file: string, source: string): CMutant[] {
  return functionsOf(source).flatMap((tree) => new Mutator(file, source, tree).mutants());
}

/** All files of the C host with code in them, by their names. */
export function hostFiles(): Map<string, string> {
  const folder = join(cRoot, "host");
  const names = readdirSync(folder).filter((name) => /\.[ch]$/.test(name));
  return new Map(names.sort().map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

/** All mutants of the C host. */
export function allMutants(files: ReadonlyMap<string, string> = hostFiles()): CMutant[] {
  return [...files].flatMap(([file, source]) => mutantsOf(file, source));
}

class Mutator {
  private readonly found: CMutant[] = [];
  private readonly lines: readonly [number, number];

  constructor(
    private readonly file: string,
    private readonly source: string,
    private readonly tree: FunctionTree,
  ) {
    this.lines = [this.lineOf(tree.from), this.lineOf(tree.to)];
  }

  mutants(): CMutant[] {
    this.statement(this.tree.body);
    return this.found;
  }

  private lineOf(position: number): number {
    return this.source.slice(0, position).split("\n").length;
  }

  private text({ from, to }: { readonly from: number; readonly to: number }): string {
    return this.source.slice(from, to);
  }

  private add(change: string, ...edits: readonly [Edit, ...Edit[]]): void {
    const start = this.source.lastIndexOf("\n", edits[0].from - 1) + 1;
    const line = this.source.slice(start, this.source.indexOf("\n", start)).trim();
    const plain = `${this.file}: ${this.tree.name}: ${line}: ${change}`;
    const same = this.found.filter(({ key }) => key === plain || key.startsWith(`${plain} #`)).length;
    const key = same === 0 ? plain : `${plain} #${same + 1}`;
    this.found.push({ key, file: this.file, lines: this.lines, edits });
  }

  private replace({ from, to }: Expression, text: string, change: string): void {
    this.add(change, { from, to, text, isStatement: false });
  }

  /// Statements ///

  private statement(statement: Statement): void {
    const [first] = statement.expressions;
    switch (statement.kind) {
      case "if":
        this.condition(statement.condition!, ["true", "false"]);
        break;
      case "while":
      case "do":
      case "for":
        if (statement.condition) this.condition(statement.condition, ["false"]);
        break;
      case "return":
        if (first === undefined) this.remove(statement);
        else if (this.tree.isBool && first.kind !== "name") this.condition(first, ["true", "false"]);
        break;
      case "expression":
        if (!isMention(first)) this.remove(statement);
        break;
      case "break":
      case "continue":
        this.remove(statement);
        break;
    }
    for (const part of statement.expressions) this.expression(part);
    statement.statements.forEach((part, index) => {
      const next = statement.kind === "block" ? statement.statements[index + 1] : undefined;
      if (next !== undefined && this.canSwap(part, next)) this.swap(part, next);
      this.statement(part);
    });
  }

  private condition(condition: Expression, values: readonly string[]): void {
    for (const value of values) this.replace(condition, value, `${short(this.text(condition))} ⇒ ${value}`);
  }

  private remove({ from, to }: Statement): void {
    this.add("removed", { from, to, text: ";", isStatement: true });
  }

  private swap(first: Statement, { from, to }: Statement): void {
    const second = this.source.slice(from, to);
    this.add(
      `after ${short(second)}`,
      { from: first.from, to: first.from, text: second, isStatement: true },
      { from, to, text: ";", isStatement: true },
    );
  }

  /** Not two questions, and not what plainly has nothing to do with each other. */
  private canSwap(first: Statement, second: Statement): boolean {
    const movable = (statement: Statement): boolean =>
      ["expression", "if", "while", "for", "switch"].includes(statement.kind);
    if (!movable(first) || !movable(second) || (first.kind === "if" && second.kind === "if")) return false;
    if (isMention(first.expressions[0]) || isMention(second.expressions[0])) return false;
    if (/^[ \t]*#/m.test(this.source.slice(first.to, second.from))) return false;
    return !this.areApart(first, second);
  }

  /** Two assignments without calls, neither of which names the variable or field that the other one sets. */
  private areApart(first: Statement, second: Statement): boolean {
    const [a, b] = [this.assigned(first), this.assigned(second)];
    if (a === null || b === null) return false;
    const names = (text: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(text);
    return !names(this.text(first), b) && !names(this.text(second), a);
  }

  /** The variable or field that the statement sets and nothing else does; null when there may be more. */
  private assigned({ kind, expressions }: Statement): string | null {
    const [value] = expressions;
    if (kind !== "expression" || value?.kind !== "assignment" || hasCall(value)) return null;
    const [target] = value.parts;
    return target!.kind === "name" || target!.kind === "member" ? target!.sign : null;
  }

  /// Expressions ///

  private expression(expression: Expression): void {
    const { kind, sign, parts } = expression;
    if (kind === "call" && literalMacro.test(parts[0]!.sign)) {
      this.replace(expression, `(${this.text(expression)} + 1u)`, `${this.text(expression)} ⇒ + 1`);
      return;
    }
    if (kind === "binary" || kind === "assignment") this.operator(expression);
    if (kind === "binary" && (sign === "&&" || sign === "||"))
      parts.forEach((part, index) => {
        const other = parts[1 - index]!;
        this.replace(expression, this.text(part), `${sign} ${short(this.text(other))} dropped`);
      });
    if (kind === "conditional")
      for (const part of parts.slice(1))
        this.replace(expression, this.text(part), `? : ⇒ ${short(this.text(part))}`);
    if (kind === "prefix" || kind === "postfix") this.unary(expression);
    if (kind === "number") this.number(expression);
    if (kind === "name") this.name(expression);
    const inner = kind === "call" ? parts.slice(1) : parts;
    for (const part of inner) this.expression(part);
  }

  private operator(expression: Expression): void {
    const [left, right] = expression.parts as [Expression, Expression];
    for (const other of operators[expression.sign] ?? [])
      this.replace(
        expression,
        `${this.operand(left)} ${other} ${this.operand(right)}`,
        `${expression.sign} ⇒ ${other}`,
      );
  }

  /** In parentheses where another operator may bind otherwise. */
  private operand(expression: Expression): string {
    const text = this.text(expression);
    return ["binary", "conditional", "assignment"].includes(expression.kind) ? `(${text})` : text;
  }

  private unary(expression: Expression): void {
    const { sign, kind } = expression;
    const value = this.text(expression.parts[0]!);
    for (const other of kind === "postfix" || sign.length > 1 ? operators[sign]! : [])
      this.replace(expression, kind === "postfix" ? value + other : other + value, `${sign} ⇒ ${other}`);
    if (["!", "~", "-"].includes(sign)) this.replace(expression, value, `${sign} ⇒ nothing`);
  }

  private number(expression: Expression): void {
    const [, value, suffix] = /^(0x[\da-f]+|\d+)(\w*)$/i.exec(expression.sign)!;
    const next = `${BigInt(value!) + 1n}${suffix}`;
    this.replace(expression, next, `${expression.sign} ⇒ ${next}`);
  }

  private name(expression: Expression): void {
    const { sign } = expression;
    if (sign === "true" || sign === "false")
      this.replace(
        expression,
        sign === "true" ? "false" : "true",
        `${sign} ⇒ ${sign === "true" ? "false" : "true"}`,
      );
    else if (constantName.test(sign)) this.replace(expression, `(${sign} + 1)`, `${sign} ⇒ + 1`);
  }
}

/** `(void)name`, which does nothing, or nothing at all. */
function isMention(expression: Expression | undefined): boolean {
  return expression === undefined || (expression.kind === "cast" && expression.parts[0]!.kind === "name");
}

function hasCall({ kind, parts }: Expression): boolean {
  return kind === "call" || parts.some(hasCall);
}

/** Its beginning, on one line. */
function short(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 40 ? `${line.slice(0, 38)}…` : line;
}

/** The source with a mutant's change alone. */
export function withMutant(source: string, { edits }: CMutant): string {
  return [...edits]
    .sort((a, b) => b.from - a.from)
    .reduce((text, { from, to, text: put, isStatement }) => {
      const whole = !isStatement ? `(${put})` : from === to ? `${put} ` : put;
      return text.slice(0, from) + whole + text.slice(to);
    }, source);
}
