/**
 * asc parses its whole standard library for each module that it compiles, which takes half of its time. A
 * process that compiles many modules parses it once: what asc makes of such a file depends on its text alone.
 * A compilation writes nothing into it but the file's number in the debug information of its module, and
 * as-pect's transform adds members to its classes; both are taken back before the file is used again.
 */
import { Compiler, Parser } from "assemblyscript";
import { libraryFiles } from "assemblyscript/asc";

/** A statement of a file: where it imports from, and the members of a class. */
interface Statement {
  readonly internalPath?: string | null;
  readonly members?: unknown[];
}

/** A parsed file: what is used of it. */
interface Source {
  readonly text: string;
  readonly statements: readonly Statement[];
  debugInfoIndex: number;
}

/** A file as it was when it had been parsed. */
interface Parsed {
  readonly source: Source;
  /** How many members each statement had. */
  readonly members: readonly number[];
}

/** asc's parser of all files of one module: the same. */
interface ModuleParser {
  readonly sources: Source[];
  /** Files that are asked for, those that ever were, and those that were parsed. */
  readonly backlog: string[];
  readonly seenlog: Set<string>;
  readonly donelog: Set<string>;
  parseFile(text: string | null, path: string, isEntry: boolean): void;
}

/** Files whose statements the build replaces in a module with an arena (`replaceRuntime`). */
const CHANGED = ["~lib/rt/stub", "~lib/util/memory"];

const parsed = new Map<string, Parsed>();
const parser = Parser.prototype as unknown as ModuleParser;
const parseFile = parser.parseFile;

parser.parseFile = function (this: ModuleParser, text, path, isEntry) {
  const name = path.replace(/\.ts$/, "");
  const known = parsed.get(name);
  if (known?.source.text === text && !isEntry) {
    if (!this.donelog.has(name)) enter(this, known, name);
    return;
  }
  const before = this.sources.length;
  parseFile.call(this, text, path, isEntry);
  const made = this.sources[before];
  if (made && !isEntry && isOfAsc(name)) {
    const members = made.statements.map((statement) => statement.members?.length ?? 0);
    parsed.set(name, { source: made, members });
  }
};

/** What is used of asc's compiler. */
interface ModuleCompiler {
  readonly program: { readonly sources: readonly Source[] };
  compile(): unknown;
}

const compiler = Compiler.prototype as unknown as ModuleCompiler;
const compile = compiler.compile;

// Here, and not where a file is entered: another module may be compiled while this one's files are read.
compiler.compile = function (this: ModuleCompiler) {
  for (const source of this.program.sources) source.debugInfoIndex = -1;
  return compile.call(this);
};

/** Whether asc itself brings the file, and the build leaves it as it is. */
function isOfAsc(name: string): boolean {
  const inLibrary = name.replace(/^~lib\//, "");
  return inLibrary !== name && inLibrary in libraryFiles && !CHANGED.includes(name);
}

/** What parsing `source` again would do to `parser`: asks for the files that it imports. */
function enter(parser: ModuleParser, { source, members }: Parsed, name: string): void {
  parser.donelog.add(name);
  parser.seenlog.add(name);
  parser.sources.push(source);
  for (const [index, statement] of source.statements.entries()) {
    statement.members?.splice(members[index]!);
    const { internalPath } = statement;
    if (typeof internalPath !== "string" || parser.seenlog.has(internalPath)) continue;
    parser.seenlog.add(internalPath);
    parser.backlog.push(internalPath);
  }
}
