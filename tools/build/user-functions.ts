/** The exported functions of a guest's source, read with asc's own parser: what the build matches with the WIT. */
import * as assemblyscript from "assemblyscript";
import { UserError } from "../errors/user-error.js";

/** One exported function as written. Types are source text, without spaces around. */
export interface UserFunction {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly type: string }[];
  /** The result type, or null for `void` and for none written. */
  readonly result: string | null;
  /** Line of its name, counted from 1. */
  readonly line: number;
}

/** A name that the guest's source has from another file. */
export interface GuestImport {
  /** Path as written. */
  readonly path: string;
  /** Name in that file; `*` for all of it. */
  readonly name: string;
  readonly local: string;
}

/** What a guest's source shows to the build. */
export interface GuestSourceItems {
  readonly functions: readonly UserFunction[];
  readonly imports: readonly GuestImport[];
}

// asc declares its enums `const`, which isolated modules cannot read: these are their values in the asc that as-rill pins.
const diagnosticError = 3 as assemblyscript.DiagnosticCategory;
const exportFlag = 2 as assemblyscript.CommonFlags;

/** Reads the exported functions of `source`, and what it imports. @throws UserError when it does not parse */
export function guestItems(path: string, source: string): GuestSourceItems {
  const parser = new assemblyscript.Parser();
  parser.parseFile(source, path, true);
  const problem = parser.diagnostics.find((message) => message.category === diagnosticError);
  if (problem) {
    const at = problem.range ? parser.sources[0]!.lineAt(problem.range.start) : 1;
    throw new UserError(`${path}:${String(at)}: ${problem.message}`);
  }
  const file = parser.sources.find((candidate) => candidate.normalizedPath === path) ?? parser.sources[0]!;
  return {
    functions: file.statements.filter(isExportedFunction).map((declaration) => describe(declaration, file)),
    imports: file.statements.flatMap(importsOf),
  };
}

function importsOf(statement: assemblyscript.Statement): GuestImport[] {
  if (!(statement instanceof assemblyscript.ImportStatement)) return [];
  const path = statement.path.value;
  const whole = statement.namespaceName;
  if (whole) return [{ path, name: "*", local: whole.text }];
  return (statement.declarations ?? []).map((one) => ({
    path,
    name: one.foreignName.text,
    local: one.name.text,
  }));
}

type Declaration = assemblyscript.FunctionDeclaration;

function isExportedFunction(statement: assemblyscript.Statement): statement is Declaration {
  return statement instanceof assemblyscript.FunctionDeclaration && statement.is(exportFlag);
}

function describe(declaration: Declaration, file: assemblyscript.Source): UserFunction {
  const { signature } = declaration;
  const result = signature.returnType.range.toString();
  return {
    name: declaration.name.text,
    params: signature.parameters.map((parameter) => ({
      name: parameter.name.text,
      type: parameter.type.range.toString().replaceAll(/\s+/g, ""),
    })),
    result: result === "" || result === "void" ? null : result.replaceAll(/\s+/g, ""),
    line: file.lineAt(declaration.name.range.start),
  };
}
