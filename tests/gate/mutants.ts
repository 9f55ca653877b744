/** Generic mutants of the guest library: one operator, constant or call changed at a time. */
import { createHash } from "node:crypto";
import ts from "typescript";

/** One change. */
export interface Mutant {
  /** Stable as long as the line is: file, line's text and change, hashed. */
  readonly id: string;
  readonly file: string;
  readonly line: number;
  /** `a > b ⇒ a >= b`. */
  readonly change: string;
  /** The whole file with the change. */
  readonly text: string;
}

const operators: Readonly<Record<string, readonly string[]>> = {
  "==": ["!="],
  "!=": ["=="],
  ">": [">=", "<="],
  "<": ["<=", ">="],
  ">=": [">", "<"],
  "&": ["|"],
  "|": ["&"],
  "&&": ["||"],
  "||": ["&&"],
  "+": ["-"],
  "-": ["+"],
  "*": ["+"],
  ">>": ["<<"],
  "|=": ["&="],
  "&=": ["|="],
  "+=": ["-="],
};

/** Statements and lines that are not the library's own doing: announcements, compile-time refusals. */
const notMutated = /announce|ERROR\(|unreachable\(\)|isReference|isManaged|@external|^import|^export \{/;

/** All mutants of one file of `assembly/`, in the order of the text. */
export function mutantsOf(file: string, source: string): Mutant[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const lines = source.split("\n");
  const found: Mutant[] = [];
  const add = (from: number, to: number, replacement: string): void => {
    const line = tree.getLineAndCharacterOfPosition(from).line;
    const before = source.slice(from, to);
    const change = `${before} ⇒ ${replacement === "" ? "nothing" : replacement}`;
    const nth = found.filter((other) => other.line === line + 1 && other.change === change).length;
    const id = createHash("sha256")
      .update(`${file}|${lines[line]!.trim()}|${change}|${String(nth)}`)
      .digest("hex")
      .slice(0, 10);
    found.push({
      id,
      file,
      line: line + 1,
      change,
      text: source.slice(0, from) + replacement + source.slice(to),
    });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isStatement(node) && !ts.isBlock(node) && isAnnouncementOnly(node)) return;
    if (ts.isImportDeclaration(node)) return;
    if (ts.isBinaryExpression(node) && !notMutated.test(node.getText(tree))) {
      const operator = node.operatorToken;
      for (const other of operators[operator.getText(tree)] ?? [])
        add(operator.getStart(tree), operator.end, other);
    }
    if (ts.isNumericLiteral(node) && !inDecorator(node))
      add(node.getStart(tree), node.end, String(Number(node.text) + 1));
    if (node.kind === ts.SyntaxKind.TrueKeyword && !isArgument(node))
      add(node.getStart(tree), node.end, "false");
    if (node.kind === ts.SyntaxKind.FalseKeyword) add(node.getStart(tree), node.end, "true");
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
      add(node.getStart(tree), node.operand.getStart(tree), "");
    if (ts.isExpressionStatement(node) && !notMutated.test(node.getText(tree)))
      add(node.getStart(tree), node.end, ";");
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function isAnnouncementOnly(node: ts.Statement): boolean {
  return ts.isExpressionStatement(node) && /^announce/.test(node.getText());
}

function inDecorator(node: ts.Node): boolean {
  return ts.isTypeNode(node.parent) || ts.isDecorator(node.parent);
}

/** `true` handed to an announcement: it is what the library answers, and is changed all the same. */
function isArgument(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && !/^announced/.test(node.parent.expression.getText());
}
