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
 * The unsafe steps of an AssemblyScript file that no `SAFETY:` line explains: `line: step`. Within reach is a
 * comment on the same line, or in front of the step's statement, a statement around it, its function or its
 * class member. A comment in front of a whole class or namespace is too far.
 */
export function unexplainedSteps(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lines = text.split("\n");
  const found: string[] = [];
  const addresses = addressNames(file);
  const visit = (node: ts.Node): void => {
    const step = unsafeStep(node, file) ?? addressStep(node, addresses);
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
 * Two casts are no step: to a number, since only using the address can go wrong, and
 * `changetype<Ops>(0)`, the library's way to call a class of built-ins that has no state, so that
 * there is nothing at address 0 to touch.
 */
const HARMLESS = /^changetype<(?:usize>|Ops>\(0\)$)/;

function unsafeStep(node: ts.Node, file: ts.SourceFile): string | null {
  if (!ts.isCallExpression(node) || HARMLESS.test(node.getText(file))) return null;
  const called = node.expression.getText(file);
  return UNCHECKED.has(called) ? called : null;
}

/** Names of `usize` that count bytes, or are an offset; any other one is an address. */
const COUNTS =
  /^(?:n|i|stride|top|callTop|current|callRegion|[A-Z_]*(?:BYTES|OFFSET)|\w*(?:[lL]ength|[bB]ytes))$/;

/** The parameters, variables and constants of a file that are addresses, and those that others give it. */
function addressNames(file: ts.SourceFile): ReadonlySet<string> {
  const names = new Set(["EVENT", "TASK_REGION"]);
  const visit = (node: ts.Node): void => {
    if ((ts.isParameter(node) || ts.isVariableDeclaration(node)) && node.type?.getText(file) === "usize") {
      const name = node.name.getText(file);
      if (!COUNTS.test(name)) names.add(name);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

/**
 * A sum or difference that makes another address out of one; between two addresses lies a number of bytes.
 */
function addressStep(node: ts.Node, addresses: ReadonlySet<string>): string | null {
  if (!ts.isBinaryExpression(node)) return null;
  const isAddress = (operand: ts.Node): boolean =>
    ts.isIdentifier(operand)
      ? addresses.has(operand.text)
      : ts.isCallExpression(operand) && operand.getText().startsWith("changetype<usize>(");
  const isSum = node.operatorToken.kind === ts.SyntaxKind.PlusToken;
  if (!isSum && node.operatorToken.kind !== ts.SyntaxKind.MinusToken) return null;
  if (isSum ? isAddress(node.left) || isAddress(node.right) : isAddress(node.left) && !isAddress(node.right))
    return "an address from an address";
  return null;
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
