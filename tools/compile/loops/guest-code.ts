/**
 * What the names in a guest's own files stand for, as far as it can be told without types: its functions,
 * and those of its bindings and of the library.
 */
import "../../wasm/binaryen.js"; // first: asc loads Binaryen too
import {
  BlockStatement,
  ClassDeclaration,
  DeclarationStatement,
  DecoratorNode,
  type Expression,
  ExportStatement,
  FunctionDeclaration,
  IdentifierExpression,
  ImportStatement,
  MethodDeclaration,
  NamespaceDeclaration,
  type Node,
  PropertyAccessExpression,
  type Source,
  type Statement,
  VariableStatement,
} from "assemblyscript";
import { CommonFlags, bare, declaredNames, within } from "./syntax.js";

/** Whose a source is. */
export type Owner = "guest" | "bindings" | "library" | "other";

/** What a name stands for: a declaration, or all of a file. */
export interface Meaning {
  readonly file: Source;
  readonly declaration: DeclarationStatement | null;
}

/** A function whose code the guest's author wrote. */
export interface OwnFunction {
  readonly file: Source;
  readonly declaration: FunctionDeclaration;
  /** How often it declares each name; those of its class are among them. */
  readonly locals: ReadonlyMap<string, number>;
}

/** The files of one build. */
export class GuestCode {
  private readonly files: ReadonlyMap<string, Source>;
  private readonly own: readonly Source[];
  private readonly named = new Map<string, MethodDeclaration[]>();

  /** @param isGenerated whether the build wrote the source of this path */
  constructor(
    sources: readonly Source[],
    private readonly isGenerated: (path: string) => boolean,
  ) {
    this.files = new Map(sources.map((source) => [source.internalPath, source]));
    this.own = sources.filter((source) => this.ownerOf(source) === "guest");
    for (const source of sources) {
      const owner = this.ownerOf(source);
      if (owner !== "guest" && owner !== "bindings") continue;
      for (const part of source.statements.flatMap((statement) => [...within(statement)])) {
        if (!(part instanceof MethodDeclaration)) continue;
        const key = `${owner} ${part.name.text}`;
        this.named.set(key, [...(this.named.get(key) ?? []), part]);
      }
    }
  }

  /** Whose `source` is. */
  ownerOf({ normalizedPath }: Source): Owner {
    if (this.isGenerated(normalizedPath)) return "bindings";
    if (normalizedPath.startsWith("~lib/as-rill/")) return "library";
    return normalizedPath.startsWith("~lib/") ? "other" : "guest";
  }

  /** Functions of the guest's own files, and methods of its classes, but for those in namespaces. */
  functions(): OwnFunction[] {
    return this.own.flatMap((file) =>
      file.statements.flatMap((statement) => {
        const members: readonly Statement[] =
          statement instanceof ClassDeclaration ? statement.members : [statement];
        return members.flatMap((declaration) =>
          declaration instanceof FunctionDeclaration && declaration.body
            ? [{ file, declaration, locals: localNames(declaration, statement) }]
            : [],
        );
      }),
    );
  }

  /** All nodes of the guest's own files, with the file of each. */
  *nodes(): Generator<{ readonly file: Source; readonly node: Node }> {
    for (const file of this.own)
      for (const statement of file.statements) for (const node of within(statement)) yield { file, node };
  }

  /** Methods and accessors of this name in classes of the guest's, or of its bindings. */
  methods(owner: "guest" | "bindings", name: string): readonly MethodDeclaration[] {
    return this.named.get(`${owner} ${name}`) ?? [];
  }

  /** Whether a class of the guest's has a field or method of this name. */
  hasOwnMember(name: string): boolean {
    return [...this.nodes()].some(
      ({ node }) => node instanceof ClassDeclaration && node.members.some((one) => one.name.text === name),
    );
  }

  /** Whether a class of the guest's has a getter or setter of this name: reading a field may do anything. */
  hasOwnAccessor(name: string): boolean {
    return this.methods("guest", name).some(
      (method) => method.is(CommonFlags.Get) || method.is(CommonFlags.Set),
    );
  }

  /** Whether `as-rill/wasi` is there, which calls functions of the bindings itself. */
  usesWasiLibrary(): boolean {
    return [...this.files.keys()].some((path) => path.startsWith("~lib/as-rill/wasi/"));
  }

  /** Whether a class of the guest's gives operators a meaning. */
  overloads(): boolean {
    return [...this.nodes()].some(
      ({ node }) => node instanceof DecoratorNode && /^operator\b/.test(node.name.range.toString()),
    );
  }

  /**
   * What an expression names: a function, a namespace, a class, a variable; null when that is not known.
   * @param locals names that the function around it declares
   */
  meaningOf(expression: Expression, file: Source, locals: ReadonlyMap<string, number>): Meaning | null {
    const named = bare(expression);
    if (named instanceof PropertyAccessExpression) {
      const whole = this.meaningOf(named.expression, file, locals);
      return whole && this.memberOf(whole, named.property.text);
    }
    if (!(named instanceof IdentifierExpression) || locals.has(named.text)) return null;
    return this.topLevel(file, named.text);
  }

  /** What a file calls by this name, of its own or imported; null when neither. */
  topLevel(file: Source, name: string, seen = new Set<string>()): Meaning | null {
    if (seen.has(`${file.internalPath} ${name}`)) return null;
    seen.add(`${file.internalPath} ${name}`);
    for (const statement of file.statements) {
      const declaration = declaredBy(statement, name);
      if (declaration) return { file, declaration };
      if (!(statement instanceof ImportStatement)) continue;
      const from = this.fileAt(statement.internalPath);
      if (statement.namespaceName?.text === name) return from && { file: from, declaration: null };
      const one = statement.declarations?.find((item) => item.name.text === name);
      if (one) return from && this.exported(from, one.foreignName.text, seen);
    }
    return null;
  }

  /**
   * Whether a name is that of a variable of the function's wherever it stands in `node`. Where a block alone
   * declares it, the file's variable of that name is meant in front of that block and behind it.
   */
  isLocal({ file, declaration, locals }: OwnFunction, name: string, node: Node): boolean {
    if (!locals.has(name)) return false;
    return this.topLevel(file, name) === null || namesInFrontOf(declaration, node).includes(name);
  }

  private memberOf({ file, declaration }: Meaning, name: string): Meaning | null {
    if (!declaration) return this.exported(file, name, new Set());
    if (!(declaration instanceof NamespaceDeclaration || declaration instanceof ClassDeclaration))
      return null;
    const members: readonly Statement[] = declaration.members;
    const found = members.map((member) => declaredBy(member, name)).find((member) => member !== null);
    return found ? { file, declaration: found } : null;
  }

  private exported(file: Source, name: string, seen: Set<string>): Meaning | null {
    for (const statement of file.statements) {
      if (!(statement instanceof ExportStatement)) continue;
      const from = statement.internalPath ? this.fileAt(statement.internalPath) : file;
      const member = statement.members?.find(({ exportedName }) => exportedName.text === name);
      if (!member || !from) continue;
      return from === file
        ? this.topLevel(file, member.localName.text, seen)
        : this.exported(from, member.localName.text, seen);
    }
    const own = this.topLevel(file, name, seen);
    if (own) return own;
    for (const statement of file.statements) {
      if (!(statement instanceof ExportStatement) || statement.members || !statement.internalPath) continue;
      const from = this.fileAt(statement.internalPath);
      const found = from && this.exported(from, name, seen);
      if (found) return found;
    }
    return null;
  }

  private fileAt(internalPath: string): Source | null {
    return this.files.get(internalPath) ?? this.files.get(`${internalPath}/index`) ?? null;
  }
}

/** The names that hide those of the file in a function. */
export function localNames(func: FunctionDeclaration, around: Statement = func): Map<string, number> {
  const names = declaredNames(func);
  if (around instanceof ClassDeclaration) for (const { name } of around.members) names.set(name.text, 2);
  return names;
}

/** Parameters, and variables that the function itself declares in front of `node`. */
function namesInFrontOf({ signature, body }: FunctionDeclaration, node: Node): string[] {
  const statements = body instanceof BlockStatement ? body.statements : [];
  const declarations = statements.flatMap((statement) =>
    statement instanceof VariableStatement && statement.range.end <= node.range.start
      ? statement.declarations
      : [],
  );
  return [...signature.parameters, ...declarations].map(({ name }) => name.text);
}

function declaredBy(statement: Statement, name: string): DeclarationStatement | null {
  if (statement instanceof VariableStatement)
    return statement.declarations.find((declaration) => declaration.name.text === name) ?? null;
  return statement instanceof DeclarationStatement && statement.name.text === name ? statement : null;
}
