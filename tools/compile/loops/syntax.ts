/** asc's syntax trees as the passes over a guest's loops read and change them. */
import "../../wasm/binaryen.js"; // first: asc loads Binaryen too
import * as assemblyscript from "assemblyscript";
import {
  type Expression,
  FunctionDeclaration,
  Node,
  ParenthesizedExpression,
  Parser,
  type Range,
  Source,
  type Statement,
  StringLiteralExpression,
  VariableDeclaration,
  VariableStatement,
} from "assemblyscript";

/** asc's own numbers: its types call this an enum of constants alone, and it is there when asc runs. */
export const { CommonFlags } = assemblyscript as unknown as {
  readonly CommonFlags: Readonly<Record<"Const" | "Get" | "Set", number>>;
};

/** What a node consists of, in the order of the source, but for sources. */
export function children(node: Node): Node[] {
  return Object.values(node)
    .flat()
    .filter((part): part is Node => part instanceof Node && !(part instanceof Source));
}

/** A node and all that it consists of. */
export function* within(node: Node): Generator<Node> {
  yield node;
  for (const part of children(node)) yield* within(part);
}

/** How often a function declares each name: its parameters, and variables at any depth. */
export function declaredNames(func: FunctionDeclaration): Map<string, number> {
  const names = new Map<string, number>();
  const count = (name: string): void => void names.set(name, (names.get(name) ?? 0) + 1);
  for (const { name } of func.signature.parameters) count(name.text);
  if (!func.body) return names;
  for (const part of within(func.body)) if (part instanceof VariableDeclaration) count(part.name.text);
  return names;
}

/** An expression without the parentheses around it. */
export function bare(expression: Expression): Expression {
  return expression instanceof ParenthesizedExpression ? bare(expression.expression) : expression;
}

/** A node's text as it was written. */
export function textOf(node: Node): string {
  return node.range.toString();
}

/** A node's line and column, both from 1. */
export function placeOf({ range }: Node): { readonly line: number; readonly column: number } {
  const line = range.source.lineAt(range.start);
  return { line, column: range.source.columnAt() };
}

/** What the text of a question to asc begins with: asc quotes it from where it was written. */
export const QUESTION = "rill: loop ";

/** Parses `text`. @returns its statements, all of them at `range`; questions stay where they were written */
export function statementsOf(text: string, range: Range): Statement[] {
  const parser = new Parser();
  parser.parseFile(`function written(): void {${text}}`, "written.ts", false);
  const [written] = parser.sources[0]!.statements;
  if (parser.diagnostics.length > 0 || !(written instanceof FunctionDeclaration))
    throw new Error(`does not parse: ${text}`);
  const { statements } = written.body as Statement & { readonly statements: Statement[] };
  for (const statement of statements) relocate(statement, range);
  return statements;
}

/** Says of all that `statement` consists of that it is at `range`. */
export function relocate(statement: Statement, range: Range): void {
  for (const node of within(statement)) {
    const isQuestion = node instanceof StringLiteralExpression && node.value.startsWith(QUESTION);
    if (!isQuestion) node.range = range;
  }
}

/** Parses an expression. */
export function expressionOf(text: string, range: Range): Expression {
  const [statement] = statementsOf(`(${text});`, range);
  return (statement as Statement & { readonly expression: Expression }).expression;
}

/** Puts `replacement` in the place of `part`, wherever `parent` has it. */
export function replaceChild(parent: Node, part: Node, replacement: Node): void {
  const fields = parent as unknown as Record<string, unknown>;
  for (const [key, value] of Object.entries(fields)) {
    if (value === part) fields[key] = replacement;
    else if (Array.isArray(value) && value.includes(part)) value[value.indexOf(part)] = replacement;
  }
}

/** How what is inserted at a loop is written. */
export interface LoopNames {
  /** What the names of variables begin with; the function has none that does. */
  readonly prefix: string;
  /** The statement that is an error where `condition`, which asc knows, is true. */
  readonly ask: (condition: string) => string;
  /** The statement that is an error where `expression` is a reference. */
  readonly askForNumber: (expression: string) => string;
}

/**
 * What is to be written around statements of a guest. It is gathered first and written at once, so that
 * what is found not to be provable leaves no trace.
 */
export class Insertions {
  private readonly around = new Map<Statement, { parent: Node; before: string; after: string }>();
  private readonly instead: (() => void)[] = [];

  /**
   * Puts `text` in front of a statement.
   * @param parent what `statement` is a part of
   */
  before(statement: Statement, parent: Node, text: string): void {
    this.at(statement, parent).before += text;
  }

  /** The same, behind it. */
  after(statement: Statement, parent: Node, text: string): void {
    this.at(statement, parent).after += text;
  }

  /** Puts `text` in the place of an expression. */
  replace(expression: Expression, parent: Node, text: string): void {
    this.instead.push(() => replaceChild(parent, expression, expressionOf(text, expression.range)));
  }

  /** Does all of it. */
  write(): void {
    for (const replace of this.instead) replace();
    for (const [statement, { parent, before, after }] of this.around) {
      const { range } = statement;
      const all = [...statementsOf(before, range), statement, ...statementsOf(after, range)];
      // What a variable is declared in may not become a block of its own.
      if (statement instanceof VariableStatement) spread(parent, statement, all);
      else replaceChild(parent, statement, Node.createBlockStatement(all, range));
    }
  }

  private at(statement: Statement, parent: Node): { before: string; after: string } {
    const found = this.around.get(statement);
    if (found) return found;
    const made = { parent, before: "", after: "" };
    this.around.set(statement, made);
    return made;
  }
}

function spread(parent: Node, statement: Statement, all: readonly Statement[]): void {
  for (const value of Object.values(parent)) {
    if (!Array.isArray(value) || !value.includes(statement)) continue;
    value.splice(value.indexOf(statement), 1, ...all);
    return;
  }
  throw new Error("a variable is declared in no list of statements");
}
