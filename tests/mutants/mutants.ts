/** Generic mutants of the guest library: one operator, constant or call changed at a time. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { packageRoot } from "../../tools/package-root.js";
import type { AnyMutant } from "./witness.js";

/** One change. */
export interface Mutant extends AnyMutant {
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

/**
 * Code that is not the library's own doing at run time: announcements, compile-time questions and refusals.
 */
const notMutated =
  /announce|ERROR\(|unreachable\(\)|isReference|isManaged|isString|isArrayLike|isFloat|isDefined|requireElement|@external/;

/** The object that built-ins are called on: its class has no fields, and nothing looks at its address. */
const NOBODY = "changetype<Ops>";

/** All mutants of one file of `assembly/`, in the order of the text. */
export function mutantsOf(file: string, source: string): Mutant[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const lines = source.split("\n");
  const found: Mutant[] = [];
  const lineOf = (position: number): number => tree.getLineAndCharacterOfPosition(position).line;
  const add = (node: ts.Node, from: number, to: number, replacement: string): void => {
    const change =
      replacement === ";" ? "removed" : `${source.slice(from, to)} ⇒ ${replacement || "nothing"}`;
    const plain = `${file}: ${lines[lineOf(from)]!.trim()}: ${change}`;
    const same = found.filter(({ key }) => key === plain || key.startsWith(`${plain} #`)).length;
    found.push({
      key: same === 0 ? plain : `${plain} #${same + 1}`,
      file,
      lines: functionLines(node, lineOf),
      text: source.slice(0, from) + replacement + source.slice(to),
    });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isDecorator(node)) return;
    if (ts.isExpressionStatement(node) && /^announce|ERROR\(|^unreachable/.test(node.getText(tree))) return;
    mutate(node, tree, (from, to, replacement) => {
      add(node, from, to, replacement);
    });
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function mutate(
  node: ts.Node,
  tree: ts.SourceFile,
  add: (from: number, to: number, replacement: string) => void,
): void {
  const start = node.getStart(tree);
  if (ts.isBinaryExpression(node) && !notMutated.test(node.getText(tree))) {
    const operator = node.operatorToken;
    for (const other of operators[operator.getText(tree)] ?? [])
      add(operator.getStart(tree), operator.end, other);
  }
  if (
    ts.isNumericLiteral(node) &&
    !ts.isTypeNode(node.parent) &&
    !node.parent.getText(tree).startsWith(NOBODY)
  )
    add(start, node.end, String(Number(node.text) + 1));
  if (node.kind === ts.SyntaxKind.TrueKeyword && !isOrdinaryArgument(node)) add(start, node.end, "false");
  if (node.kind === ts.SyntaxKind.FalseKeyword && !isOrdinaryArgument(node)) add(start, node.end, "true");
  if (
    ts.isPrefixUnaryExpression(node) &&
    node.operator === ts.SyntaxKind.ExclamationToken &&
    !notMutated.test(node.getText(tree))
  )
    add(start, node.operand.getStart(tree), "");
  if (ts.isExpressionStatement(node) && !notMutated.test(node.getText(tree))) add(start, node.end, ";");
}

/**
 * `true` handed to an announcement is what the library answers; elsewhere it is an argument like any other.
 */
function isOrdinaryArgument(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && !/^announced/.test(node.parent.expression.getText());
}

function functionLines(
  node: ts.Node,
  lineOf: (position: number) => number,
): readonly [number, number] | null {
  for (let at = node.parent as ts.Node | undefined; at; at = at.parent as ts.Node | undefined)
    if (ts.isFunctionLike(at)) return [lineOf(at.getStart()) + 1, lineOf(at.end) + 1];
  return null;
}

/** Files of the library that do something at run time, relative to `assembly/`. */
function mutatedFiles(): string[] {
  return readdirSync(join(packageRoot, "assembly"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !["check.ts", "index.ts"].includes(file))
    .sort();
}

/** All mutants of the library. */
export function allMutants(): Mutant[] {
  return mutatedFiles().flatMap((file) =>
    mutantsOf(file, readFileSync(join(packageRoot, "assembly", file), "utf8")),
  );
}
