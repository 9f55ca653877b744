/**
 * Generic mutants of a TypeScript file: an operator, a constant, a condition, a call, a statement or the
 * order of two changed at a time; in text that is WebAssembly, an instruction.
 */
import ts from "typescript";
import type { Edit } from "../c-mutants/c-mutants.js";
import type { AnyMutant } from "../mutants/witness.js";
import { textMutants } from "./text-mutants.js";

/** One change. */
export interface TsMutant extends AnyMutant {
  readonly lines: readonly [number, number];
  readonly edits: readonly Edit[];
}

/** What is put in an operator's place. */
const operators: Readonly<Record<string, readonly string[]>> = {
  "===": ["!=="],
  "!==": ["==="],
  "<": ["<=", ">="],
  ">": [">=", "<="],
  "<=": ["<", ">"],
  ">=": [">", "<"],
  "&&": ["||"],
  "||": ["&&"],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "+=": ["-="],
  "-=": ["+="],
  "++": ["--"],
  "--": ["++"],
};

/** Operators of which one side alone is as well formed. */
const joining = ["&&", "||", "??"];

/** What is put in a method's place; null: it is left out, and what it was asked of stays. */
const methods: Readonly<Record<string, string | null>> = {
  every: "some",
  some: "every",
  max: "min",
  min: "max",
  filter: null,
  sort: null,
  slice: null,
};

/** What is put in a text's place. */
const OTHER = '"x"';

/** All mutants of one file, in the order of the text. */
export function mutantsOf(file: string, source: string): TsMutant[] {
  return new Mutator(file, ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true)).mutants();
}

/** The innermost function with a body of statements that `node` is in; null outside of functions. */
function functionOf(node: ts.Node): ts.FunctionLikeDeclaration | null {
  for (let at: ts.Node = node.parent; !ts.isSourceFile(at); at = at.parent)
    if (ts.isFunctionLike(at) && hasBlock(at as ts.FunctionLikeDeclaration))
      return at as ts.FunctionLikeDeclaration;
  return null;
}

function hasBlock({ body }: ts.FunctionLikeDeclaration): boolean {
  return body !== undefined && ts.isBlock(body);
}

/** By the place behind the brace of each function's body: the line that the function begins on. */
export function functionPlaces(source: string): Map<number, number> {
  const tree = ts.createSourceFile("", source, ts.ScriptTarget.Latest, true);
  const places = new Map<number, number>();
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && hasBlock(node as ts.FunctionLikeDeclaration))
      places.set(
        (node as ts.FunctionLikeDeclaration).body!.getStart(tree) + 1,
        tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1,
      );
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return places;
}

class Mutator {
  private readonly found: TsMutant[] = [];
  /** The initial values of names outside of functions: a change shows where the name is used. */
  private readonly constants = new Map<string, ts.Expression>();
  private readonly uses = new Map<string, ts.Identifier[]>();

  constructor(
    private readonly file: string,
    private readonly tree: ts.SourceFile,
  ) {}

  mutants(): TsMutant[] {
    for (const statement of this.tree.statements)
      if (ts.isVariableStatement(statement))
        for (const { name, initializer } of statement.declarationList.declarations)
          if (ts.isIdentifier(name) && initializer) this.constants.set(name.text, initializer);
    this.visit(this.tree);
    for (const [name, uses] of this.uses) this.literal(this.constants.get(name)!, uses);
    return this.found;
  }

  private text(node: ts.Node): string {
    return node.getText(this.tree);
  }

  private edit(node: ts.Node, text: string, isStatement = false): Edit {
    return { from: node.getStart(this.tree), to: node.end, text, isStatement };
  }

  private lineOf(position: number): number {
    return this.tree.getLineAndCharacterOfPosition(position).line;
  }

  /** @param shown where the line that the key tells is */
  private add(node: ts.Node, change: string, edits: readonly Edit[], shown = node.getStart(this.tree)): void {
    const line = this.tree.text.split("\n")[this.lineOf(shown)]!.trim();
    const plain = `${this.file}: ${line}: ${change}`;
    const same = this.found.filter(({ key }) => key === plain || key.startsWith(`${plain} #`)).length;
    const func = functionOf(node)!;
    this.found.push({
      key: same === 0 ? plain : `${plain} #${same + 1}`,
      file: this.file,
      lines: [this.lineOf(func.getStart(this.tree)) + 1, this.lineOf(func.end) + 1],
      edits,
    });
  }

  private replace(node: ts.Node, text: string, change: string): void {
    this.add(node, change, [this.edit(node, text)]);
  }

  private visit(node: ts.Node): void {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node)) return;
    if (isInFunction(node)) {
      this.statement(node);
      this.expression(node);
    }
    ts.forEachChild(node, (child) => {
      this.visit(child);
    });
  }

  /// Statements ///

  private statement(node: ts.Node): void {
    if (ts.isIfStatement(node)) this.condition(node.expression, ["true", "false"]);
    if (ts.isWhileStatement(node) || ts.isDoStatement(node)) this.condition(node.expression, ["false"]);
    if (ts.isForStatement(node) && node.condition) this.condition(node.condition, ["false"]);
    if (ts.isReturnStatement(node)) this.answer(node);
    if (ts.isBreakStatement(node) || ts.isContinueStatement(node) || ts.isExpressionStatement(node))
      this.remove(node);
    if (!ts.isBlock(node)) return;
    node.statements.forEach((first, index) => {
      const second = node.statements[index + 1];
      if (second && ts.isExpressionStatement(first) && ts.isExpressionStatement(second))
        this.swap(first, second);
    });
  }

  private condition(condition: ts.Expression, values: readonly string[]): void {
    for (const value of values) this.replace(condition, value, `${short(this.text(condition))} ⇒ ${value}`);
  }

  private answer(node: ts.ReturnStatement): void {
    if (!node.expression) {
      this.remove(node);
      return;
    }
    const { type } = functionOf(node)!;
    const isBool = type?.kind === ts.SyntaxKind.BooleanKeyword || (type && ts.isTypePredicateNode(type));
    const isFixed = /^(true|false|null)$/.test(this.text(node.expression));
    if (isBool && !isFixed) this.condition(node.expression, ["true", "false"]);
  }

  private remove(node: ts.Node): void {
    // The condition that is never true leaves it out as well.
    if (ts.isIfStatement(node.parent) && !node.parent.elseStatement) return;
    this.add(node, "removed", [this.edit(node, ";", true)]);
  }

  private swap(first: ts.Statement, second: ts.Statement): void {
    const from = first.getStart(this.tree);
    this.add(first, `after ${short(this.text(second))}`, [
      { from, to: from, text: this.text(second), isStatement: true },
      this.edit(second, ";", true),
    ]);
  }

  /// Expressions ///

  private expression(node: ts.Node): void {
    if (ts.isBinaryExpression(node)) this.operator(node);
    else if (ts.isConditionalExpression(node))
      for (const part of [node.whenTrue, node.whenFalse])
        this.replace(node, this.text(part), `? : ⇒ ${short(this.text(part))}`);
    else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) this.unary(node);
    else if (ts.isCallExpression(node)) this.call(node);
    else if (ts.isIdentifier(node)) this.name(node);
    else this.literal(node, [node]);
  }

  private operator(node: ts.BinaryExpression): void {
    const sign = this.text(node.operatorToken);
    const [left, right] = [this.text(node.left), this.text(node.right)];
    for (const other of operators[sign] ?? [])
      this.replace(node, `(${left}) ${other} (${right})`, `${sign} ⇒ ${other}`);
    if (!joining.includes(sign)) return;
    this.replace(node, left, `${sign} ${short(right)} dropped`);
    this.replace(node, right, `${sign} ${short(left)} dropped`);
  }

  private unary(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): void {
    const value = this.text(node.operand);
    const sign = this.text(node).replace(value, "");
    const isPostfix = ts.isPostfixUnaryExpression(node);
    for (const other of sign.length > 1 ? operators[sign]! : [])
      this.replace(node, isPostfix ? value + other : other + value, `${sign} ⇒ ${other}`);
    if (sign.length === 1) this.replace(node, value, `${sign} ⇒ nothing`);
  }

  private call(node: ts.CallExpression): void {
    if (!ts.isPropertyAccessExpression(node.expression)) return;
    const { expression, name } = node.expression;
    if (!(name.text in methods)) return;
    const other = methods[name.text];
    if (other === null) this.replace(node, this.text(expression), `.${name.text}() dropped`);
    else
      this.replace(
        node,
        `${this.text(expression)}.${other!}${this.tree.text.slice(name.end, node.end)}`,
        `${name.text} ⇒ ${other!}`,
      );
  }

  private name(node: ts.Identifier): void {
    const isDeclared = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
    if (isDeclared || !this.constants.has(node.text)) return;
    this.uses.set(node.text, [...(this.uses.get(node.text) ?? []), node]);
  }

  /** @param places where the value stands, or the name that has it */
  private literal(node: ts.Node, places: readonly ts.Node[]): void {
    const put = (text: string, change: string, shown = node.getStart(this.tree)): void => {
      this.add(
        places[0]!,
        change,
        places.map((place) => this.edit(place, text)),
        shown,
      );
    };
    const text = this.text(node);
    if (ts.isNumericLiteral(node)) put(`${Number(node.text) + 1}`, `${text} ⇒ ${Number(node.text) + 1}`);
    if (node.kind === ts.SyntaxKind.TrueKeyword) put("false", "true ⇒ false");
    if (node.kind === ts.SyntaxKind.FalseKeyword) put("true", "false ⇒ true");
    const isText = ts.isStringLiteral(node) || ts.isTemplateLiteral(node);
    if (!isText) return;
    const instructions = textMutants(text);
    for (const { at, changed, change } of instructions) put(changed, change, node.getStart(this.tree) + at);
    if (instructions.length === 0 && text !== OTHER) put(OTHER, `${short(text)} ⇒ ${OTHER}`);
  }
}

/** Whether `node` is inside of a function's body of statements. */
function isInFunction(node: ts.Node): boolean {
  return !ts.isSourceFile(node) && functionOf(node) !== null;
}

/** Its beginning, on one line. */
function short(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 40 ? `${line.slice(0, 38)}…` : line;
}
