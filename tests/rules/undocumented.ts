import ts from "typescript";

/**
 * The exported declarations of a TypeScript or AssemblyScript file, and the public members of its exported
 * classes, that have no doc comment: `line: name`. Re-exports need none; a constructor speaks for its class,
 * an `override` or an `implements` method for what it implements.
 */
export function undocumented(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return file.statements.flatMap((statement) => bare(statement, file));
}

function bare(statement: ts.Statement, file: ts.SourceFile): string[] {
  if (!isExported(statement) || ts.isExportDeclaration(statement)) return [];
  const own = isDocumented(statement) ? [] : [place(statement, nameOf(statement), file)];
  if (ts.isModuleDeclaration(statement) && statement.body && ts.isModuleBlock(statement.body)) {
    return [...own, ...statement.body.statements.flatMap((inner) => bare(inner, file))];
  }
  if (!ts.isClassDeclaration(statement)) return own;
  const members = statement.members.filter((member) => isPublicMember(member) && !isDocumented(member));
  return [...own, ...members.map((member) => place(member, member.name?.getText(file) ?? "?", file))];
}

function isPublicMember(member: ts.ClassElement): boolean {
  if (ts.isConstructorDeclaration(member) || ts.isSetAccessorDeclaration(member)) return false;
  if (member.name === undefined || ts.isPrivateIdentifier(member.name)) return false;
  const inherited = ts.isClassDeclaration(member.parent) && (member.parent.heritageClauses?.length ?? 0) > 0;
  const flags = ts.getCombinedModifierFlags(member);
  if (inherited && ts.isMethodDeclaration(member)) return false;
  return (flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Override)) === 0;
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function isDocumented(node: ts.Node): boolean {
  return ts.getJSDocCommentsAndTags(node).length > 0;
}

function nameOf(statement: ts.Statement): string {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations[0]!.name.getText();
  return (statement as ts.Statement & { name?: ts.Node }).name?.getText() ?? "default";
}

function place(node: ts.Node, name: string, file: ts.SourceFile): string {
  return `${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1}: ${name}`;
}
