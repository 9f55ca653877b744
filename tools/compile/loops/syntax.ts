/** asc's syntax trees as the passes over a guest's loops read them. */
import "../../wasm/binaryen.js"; // first: asc loads Binaryen too
import * as assemblyscript from "assemblyscript";
import {
  type Expression,
  type FunctionDeclaration,
  Node,
  ParenthesizedExpression,
  Source,
  type Statement,
  VariableDeclaration,
} from "assemblyscript";

/** asc's own numbers: its types call this an enum of constants alone, and it is there when asc runs. */
export const { CommonFlags } = assemblyscript as unknown as {
  readonly CommonFlags: Readonly<Record<"Const" | "Get" | "Let" | "Set", number>>;
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

/** Names of variables that are declared anywhere in a statement. */
export function declaredIn(statement: Statement): Set<string> {
  const declarations = [...within(statement)].filter((part) => part instanceof VariableDeclaration);
  return new Set(declarations.map(({ name }) => name.text));
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
