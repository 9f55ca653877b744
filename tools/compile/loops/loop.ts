/** The loops of a guest's own functions. */
import "../../wasm/binaryen.js"; // first: asc loads Binaryen too
import {
  DoStatement,
  ForStatement,
  FunctionDeclaration,
  FunctionExpression,
  type Node,
  WhileStatement,
} from "assemblyscript";
import type { OwnFunction } from "./guest-code.js";
import { children } from "./syntax.js";

/** A loop statement, and the function around it. */
export interface Loop {
  readonly func: OwnFunction;
  readonly statement: LoopStatement;
  /** What the statement is a part of. */
  readonly parent: Node;
}

/** Loops of these kinds are changed. */
export type LoopStatement = ForStatement | WhileStatement | DoStatement;

/** Whether a node is one. */
export function isLoop(node: Node): node is LoopStatement {
  return node instanceof ForStatement || node instanceof WhileStatement || node instanceof DoStatement;
}

/** The loops of a function, those in others behind these. */
export function loopsOf(func: OwnFunction): Loop[] {
  const loops: Loop[] = [];
  const visit = (parent: Node): void => {
    for (const part of children(parent)) {
      if (part instanceof FunctionExpression || part instanceof FunctionDeclaration) continue;
      if (isLoop(part)) loops.push({ func, statement: part, parent });
      visit(part);
    }
  };
  visit(func.declaration);
  return loops;
}
