import ts from "typescript";

/** Names of parameters of type `usize` that count bytes; any other one is an address. */
const COUNTS = /^(?:n|stride|\w*[lL]ength)$/;

/**
 * The public functions and methods of an AssemblyScript file that take an address or a table and do not carry
 * the decorator `@unsafe` (the tag of that name in a comment marks nothing for the compiler), or do not say
 * in a `Caller must:` what is right: `line: name`.
 */
export function unmarkedUnsafe(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const functions = file.statements.flatMap((statement): ts.FunctionLikeDeclaration[] => {
    if (!isExported(statement)) return [];
    if (ts.isFunctionDeclaration(statement)) return [statement];
    if (!ts.isClassDeclaration(statement)) return [];
    return statement.members.filter(ts.isMethodDeclaration).filter((member) => !isPrivate(member));
  });
  return functions.filter(takesAddress).flatMap((declared) => {
    const comments = ts.getLeadingCommentRanges(text, declared.getFullStart()) ?? [];
    const says = comments.some(({ pos, end }) => text.slice(pos, end).includes("Caller must:"));
    const isMarked = /(?:^|\s)@unsafe\s/.test(
      text.slice(declared.getStart(file), declared.name!.getStart(file)),
    );
    if (says && isMarked) return [];
    const line = file.getLineAndCharacterOfPosition(declared.getStart(file)).line + 1;
    return [`${line}: ${declared.name!.getText(file)}`];
  });
}

function takesAddress({ parameters }: ts.FunctionLikeDeclaration): boolean {
  return parameters.some((param) => param.type?.getText() === "usize" && !COUNTS.test(param.name.getText()));
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function isPrivate(member: ts.ClassElement): boolean {
  return (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private) !== 0;
}
