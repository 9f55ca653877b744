/**
 * The exported functions of a guest's source, read with asc's own parser: what
 * the build matches with the WIT.
 */
import "../wasm/binaryen.js"; // first: asc loads Binaryen too
import * as assemblyscript from "assemblyscript";
import { UserError } from "../errors/user-error.js";
import { syntaxHint } from "./syntax-hint.js";

/** One exported function as written. Types are source text, without spaces around. */
export interface UserFunction {
  /** What its file exports it as. */
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly type: string }[];
  /** The result type, or null for `void` and for none written. */
  readonly result: string | null;
  /** Line of its name, counted from 1. */
  readonly line: number;
  /** Column of its name, counted from 1. */
  readonly column: number;
}

/** A name that the guest's source has from another file. */
export interface GuestImport {
  /** Path as written. */
  readonly path: string;
  /** Name in that file; `*` for all of it. */
  readonly name: string;
  readonly local: string;
  /** Line and column of the path, counted from 1. */
  readonly line: number;
  readonly column: number;
}

/** A class of the guest's, and whether its file exports it. */
export interface UserClass {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly isExported: boolean;
}

/** What a guest's source shows to the build. */
export interface GuestSourceItems {
  readonly functions: readonly UserFunction[];
  /** Functions that are not exported: for messages. */
  readonly hidden: readonly UserFunction[];
  readonly classes: readonly UserClass[];
  readonly imports: readonly GuestImport[];
  /** Files, as written, whose names this one exports as its own: for messages. */
  readonly passedOn: readonly string[];
}

// asc declares its enums `const`, which isolated modules cannot read: these are
// their values in the asc that as-rill pins.
const diagnosticError = 3 as assemblyscript.DiagnosticCategory;
const exportFlag = 2 as assemblyscript.CommonFlags;

/**
 * Reads the functions and classes of `source`, and what it imports.
 * @param given the file as the user named it, for messages
 * @throws UserError when it does not parse
 */
export function guestItems(path: string, source: string, given = path): GuestSourceItems {
  const parser = new assemblyscript.Parser();
  parser.parseFile(source, path, true);
  const problem = parser.diagnostics.find((message) => message.category === diagnosticError);
  if (problem) {
    const file = parser.sources[0]!;
    const at = problem.range ? file.lineAt(problem.range.start) : 1;
    const column = problem.range ? file.columnAt() : 1;
    const hint = syntaxHint(source.split(/\r?\n/)[at - 1] ?? "");
    throw new UserError(`${given}:${at}:${column}: ${problem.message}${hint === null ? "" : ` ${hint}`}`);
  }
  const file = parser.sources.find((candidate) => candidate.normalizedPath === path) ?? parser.sources[0]!;
  const listed = file.statements.flatMap(exportedNames);
  const givenNames = (item: assemblyscript.DeclarationStatement): string[] => [
    ...(item.is(exportFlag) ? [item.name.text] : []),
    ...listed.filter((one) => one.local === item.name.text).map((one) => one.exported),
  ];
  const isExported = (item: assemblyscript.DeclarationStatement): boolean =>
    givenNames(item).includes(item.name.text);
  const functions = file.statements.filter((item) => item instanceof assemblyscript.FunctionDeclaration);
  return {
    functions: functions.flatMap((item) => givenNames(item).map((name) => describe(item, file, name))),
    hidden: functions.filter((item) => givenNames(item).length === 0).map((item) => describe(item, file)),
    classes: file.statements
      .filter((item) => item instanceof assemblyscript.ClassDeclaration)
      .map((item) => ({ name: item.name.text, ...placeOf(item, file), isExported: isExported(item) })),
    imports: file.statements.flatMap((item) => importsOf(item, file)),
    passedOn: file.statements.flatMap((item) =>
      item instanceof assemblyscript.ExportStatement && item.path ? [item.path.value] : [],
    ),
  };
}

function importsOf(statement: assemblyscript.Statement, file: assemblyscript.Source): GuestImport[] {
  if (!(statement instanceof assemblyscript.ImportStatement)) return [];
  const path = statement.path.value;
  const line = file.lineAt(statement.path.range.start);
  const at = { line, column: file.columnAt() };
  const whole = statement.namespaceName;
  if (whole) return [{ path, name: "*", local: whole.text, ...at }];
  return (statement.declarations ?? []).map((one) => ({
    path,
    name: one.foreignName.text,
    local: one.name.text,
    ...at,
  }));
}

type Declaration = assemblyscript.FunctionDeclaration;

/** What `export { local as exported }` gives out. */
function exportedNames(statement: assemblyscript.Statement): { local: string; exported: string }[] {
  if (!(statement instanceof assemblyscript.ExportStatement) || statement.path) return [];
  return (statement.members ?? []).map((item) => ({
    local: item.localName.text,
    exported: item.exportedName.text,
  }));
}

function placeOf(
  { name }: assemblyscript.DeclarationStatement,
  file: assemblyscript.Source,
): { line: number; column: number } {
  const line = file.lineAt(name.range.start);
  return { line, column: file.columnAt() };
}

function describe(
  declaration: Declaration,
  file: assemblyscript.Source,
  name = declaration.name.text,
): UserFunction {
  const { signature } = declaration;
  const result = signature.returnType.range.toString();
  return {
    name,
    params: signature.parameters.map((parameter) => ({
      name: parameter.name.text,
      type: parameter.type.range.toString().replaceAll(/\s+/g, ""),
    })),
    result: result === "" || result === "void" ? null : result.replaceAll(/\s+/g, ""),
    ...placeOf(declaration, file),
  };
}
