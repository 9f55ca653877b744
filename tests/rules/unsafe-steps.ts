import ts from "typescript";

/** AssemblyScript's operations that nobody checks. */
const UNCHECKED = new Set([
  "changetype",
  "load",
  "store",
  "unchecked",
  "memory.copy",
  "memory.fill",
  "memory.repeat",
  "heap.alloc",
  "heap.free",
]);

/** The nodes whose leading comment may carry the reason, from the step outwards. */
const isCarrier = (node: ts.Node): boolean =>
  ts.isStatement(node) || ts.isClassElement(node) || ts.isVariableDeclaration(node) || ts.isExpression(node);

/**
 * The unsafe steps of an AssemblyScript file that no `SAFETY:` line explains: `line: step`. Within reach is a comment
 * on the same line, or in front of the step's statement, a statement around it, its function or its class member.
 * A comment in front of a whole class or namespace is too far.
 */
export function unexplainedSteps(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lines = text.split("\n");
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const step = unsafeStep(node, file);
    if (step !== null) {
      const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line;
      if (!/SAFETY:/.test(lines[line]!) && !isExplained(node, text)) found.push(`${line + 1}: ${step}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/**
 * Two casts are no step: to a number, since only using the address can go wrong, and `changetype<Ops>(0)`, the
 * library's way to call a class of built-ins that has no state, so that there is nothing at address 0 to touch.
 */
const HARMLESS = /^changetype<(?:usize>|Ops>\(0\)$)/;

function unsafeStep(node: ts.Node, file: ts.SourceFile): string | null {
  if (!ts.isCallExpression(node) || HARMLESS.test(node.getText(file))) return null;
  const called = node.expression.getText(file);
  return UNCHECKED.has(called) ? called : null;
}

function isExplained(step: ts.Node, text: string): boolean {
  for (let node = step; !ts.isSourceFile(node); node = node.parent) {
    if (ts.isClassDeclaration(node) || ts.isModuleDeclaration(node)) return false;
    if (!isCarrier(node)) continue;
    const comments = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
    if (comments.some(({ pos, end }) => text.slice(pos, end).includes("SAFETY:"))) return true;
  }
  return false;
}
