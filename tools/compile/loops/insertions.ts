/** What the passes over a guest's loops write into asc's syntax trees. */
import "../../wasm/binaryen.js"; // first: asc loads Binaryen too
import {
  type Expression,
  FunctionDeclaration,
  Node,
  Parser,
  type Range,
  type Statement,
  StringLiteralExpression,
  VariableStatement,
} from "assemblyscript";
import { within } from "./syntax.js";

/** What the text of a question to asc begins with: asc quotes it from where it was written. */
export const QUESTION = "rill: loop ";

/** Parses `text`. @returns its statements, all of them at `range`; questions stay where they were written */
function statementsOf(text: string, range: Range): Statement[] {
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
function expressionOf(text: string, range: Range): Expression {
  const [statement] = statementsOf(`(${text});`, range);
  return (statement as Statement & { readonly expression: Expression }).expression;
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
    this.instead.push(() => put(parent, expression, expressionOf(text, expression.range)));
  }

  /** Does all of it. */
  write(): void {
    for (const replace of this.instead) replace();
    for (const [statement, { parent, before, after }] of this.around) {
      const { range } = statement;
      const all = [...statementsOf(before, range), statement, ...statementsOf(after, range)];
      // What a variable is declared in may not become a block of its own.
      if (statement instanceof VariableStatement) put(parent, statement, ...all);
      else put(parent, statement, Node.createBlockStatement(all, range));
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

/** Puts `parts` in the place of `part` in `parent`: several only into a list. */
function put(parent: Node, part: Node, ...parts: readonly Node[]): void {
  for (const [field, value] of Object.entries(parent)) {
    if (Array.isArray(value) && value.includes(part)) value.splice(value.indexOf(part), 1, ...parts);
    if (value !== part) continue;
    if (parts.length > 1) throw new Error(`${field} has room for one`);
    Object.assign(parent, { [field]: parts[0] });
  }
}
