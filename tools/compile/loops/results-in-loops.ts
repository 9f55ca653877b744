/**
 * Loops whose turns leave nothing behind in the arena: what imported functions answer in one, and what is
 * made of it, is used in that turn alone. Such a loop gets a scope, which each turn begins by closing.
 *
 *     const bytes = getRandomBytes(16)      what the turn before made is given back first
 *
 * That a turn leaves nothing behind is proved from the syntax, where that is enough: no reference is stored
 * but in variables that each turn declares anew, nothing is called that could keep one, nothing is begun that
 * goes on behind the turn. Whether what is stored elsewhere is a number asc says: a question is compiled in,
 * and is an error when it is not (see rewrite-loops.ts). What nobody answers leaves the loop as it is.
 */
import "../../wasm/binaryen.js"; // first: asc loads Binaryen too
import {
  ArrayLiteralExpression,
  AssertionExpression,
  BinaryExpression,
  BlockStatement,
  BreakStatement,
  CallExpression,
  ClassDeclaration,
  CommaExpression,
  ContinueStatement,
  ElementAccessExpression,
  EmptyStatement,
  ExportStatement,
  type Expression,
  ExpressionStatement,
  FieldDeclaration,
  FloatLiteralExpression,
  ForStatement,
  FunctionDeclaration,
  IdentifierExpression,
  IfStatement,
  ImportStatement,
  InstanceOfExpression,
  IntegerLiteralExpression,
  MethodDeclaration,
  NamedTypeNode,
  NamespaceDeclaration,
  NewExpression,
  type Node,
  OmittedExpression,
  ParenthesizedExpression,
  PropertyAccessExpression,
  type Range,
  ReturnStatement,
  type Source,
  type Statement,
  StringLiteralExpression,
  SwitchStatement,
  TemplateLiteralExpression,
  TernaryExpression,
  ThrowStatement,
  TypeDeclaration,
  type TypeNode,
  UnaryPostfixExpression,
  UnaryPrefixExpression,
  VariableDeclaration,
  VariableStatement,
  VoidStatement,
  operatorTokenToString,
} from "assemblyscript";
import { type GuestCode, type Meaning, localNames } from "./guest-code.js";
import type { Insertions, LoopNames } from "./insertions.js";
import { type Loop, type LoopStatement, isLoop } from "./loop.js";
import { CommonFlags, bare, declaredIn, textOf, within } from "./syntax.js";

/** Something that asc is asked: it is an error where the expression is a reference. */
interface Question {
  readonly statement: Statement;
  readonly parent: Node;
  readonly expression: string;
}

/** What a turn leaves behind, or may: the loop stays as it is. */
class Escapes extends Error {}

/**
 * Gives a loop a scope, when it needs one and that is right.
 * @returns whether it has
 */
export function giveBackResults(
  code: GuestCode,
  loop: Loop,
  insertions: Insertions,
  { prefix, askForNumber }: LoopNames,
): boolean {
  const found = questionsOf(code, loop);
  if (!found) return false;
  const scope = `${prefix}scope`;
  const { statement, parent } = loop;
  insertions.before(statement, parent, `const ${scope} = rill_open_scope();`);
  insertions.before(statement.body, statement, `${scope}.close();`);
  insertions.after(statement, parent, `${scope}.close();`);
  for (const { statement: at, parent: around, expression } of found)
    insertions.before(at, around, askForNumber(expression));
  return true;
}

/** @returns null when the loop needs no scope, or may have none */
function questionsOf(code: GuestCode, loop: Loop): readonly Question[] | null {
  if (code.overloads()) return null;
  const turn = new Turn(code, loop);
  try {
    turn.visit();
  } catch (error) {
    if (error instanceof Escapes) return null;
    throw error;
  }
  return turn.allocates ? turn.questions : null;
}

/** What numbers and the absence of a value are called. */
const PLAIN_TYPES = /^([iu](8|16|32|64|size)|f(32|64)|bool|void|v128)$/;

/** Functions of AssemblyScript's that keep nothing. */
const BUILT_INS = new Set(
  `i8 i16 i32 i64 u8 u16 u32 u64 isize usize f32 f64 bool min max abs select clz ctz popcnt rotl rotr ceil
  floor sqrt trunc nearest copysign isNaN isFinite parseInt parseFloat assert unchecked unreachable
  bswap reinterpret sizeof isInteger isFloat isReference isString isDefined`.split(/\s+/),
);
/** Classes and namespaces of its whose functions keep nothing. */
const BUILT_IN_OWNERS = new Set(["Math", "Mathf", "NativeMath", "NativeMathf", "String", "JSMath"]);
/** Classes of its that are nothing but numbers. */
const BUILT_IN_CLASSES = new Set(
  `StaticArray Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array
  Int64Array Uint64Array Float32Array Float64Array`.split(/\s+/),
);

/** Methods of strings and arrays, and of ends, that keep nothing of what they are given. */
const METHODS = new Set(
  `at charAt charCodeAt codePointAt concat endsWith includes indexOf lastIndexOf padEnd padStart repeat
  replace replaceAll slice split startsWith substr substring toLowerCase toString toUpperCase trim trimEnd
  trimStart join
  next value read write writeOne writeAll collect poll cancel drop close open handOn resolve result wait
  pending started`.split(/\s+/),
);
/** Methods that begin what may go on behind the turn. */
const BEGINS = /^start(?!sWith)/;
/** Methods of classes of AssemblyScript's that keep what they are given. */
const KEEPS = /^(push|unshift|splice|fill|set|add|copyWithin|sort|map|forEach|filter|reduce|every|some|find)/;

/** What the library's functions are that keep nothing. */
const LIBRARY = new Set(
  `pause waitAny isCancelled holdCancellation heedCancellation raiseBackpressure lowerBackpressure elemSize
  writeText writeDecimal writeHex putText putDecimal putHex keepText keptText print printError sleep`.split(
    /\s+/,
  ),
);

/** The field of AssemblyScript's arrays that is an address: a number that points into the arena. */
const ADDRESS = "dataStart";

/** Members of an imported async function's namespace. */
const OF_CALLS = new Set(["call", "result", "poll", "wait", "pending", "started", "cancel", "drop", "open"]);

const ASSIGNS = /^([^=!<>]|<<|>>|>>>|\*\*)?=$/;

/** One function's code, as far as it runs in a turn. */
interface Body {
  readonly file: Source;
  readonly locals: ReadonlyMap<string, number>;
  /** Variables that no turn hands to the next one. */
  readonly fresh: ReadonlySet<string>;
}

/** A turn of one loop. */
class Turn {
  allocates = false;
  readonly questions: Question[] = [];
  private readonly helpers = new Set<FunctionDeclaration>();
  private readonly views = new Set<FunctionDeclaration>();
  /** All variables that the loop declares. */
  private readonly declared: ReadonlySet<string>;
  private body: Body;
  /** Where a question about what is visited now may stand. */
  private at: { readonly statement: Statement; readonly parent: Node };

  constructor(
    private readonly code: GuestCode,
    private readonly loop: Loop,
  ) {
    const { func, statement } = loop;
    const once = (name: string): boolean =>
      func.locals.get(name) === 1 && code.topLevel(func.file, name) === null;
    const declared = [...within(statement.body)].flatMap((part) =>
      part instanceof VariableDeclaration && !isOfFunction(part) && once(part.name.text)
        ? [part.name.text]
        : [],
    );
    this.body = { file: func.file, locals: func.locals, fresh: new Set(declared) };
    this.declared = declaredIn(statement);
    this.at = { statement: statement.body, parent: statement };
  }

  /** @throws Escapes when it leaves something behind, or may */
  visit(): void {
    const { statement } = this.loop;
    this.head(statement);
    if (statement instanceof ForStatement && statement.initializer instanceof VariableStatement)
      for (const { name } of statement.initializer.declarations) this.ask(name.text);
    this.statement(statement.body, statement);
    for (const view of this.views) if (!this.isConfined(view)) throw new Escapes();
  }

  /** A view lies where the function's next answer will: whoever else asks must not have one. */
  private isConfined(func: FunctionDeclaration): boolean {
    if (this.code.usesWasiLibrary()) return false;
    const inLoop = (node: Node): boolean => contains(this.loop.statement.range, node);
    for (const { file: source, node } of this.code.nodes()) {
      if (!this.mayName(node, source, func) || inLoop(node) || node === func.name) continue;
      const helper = [...this.helpers].find(({ range }) => contains(range, node));
      if (helper ? !this.isConfined(helper) : !isImport(node, source)) return false;
    }
    return true;
  }

  private mayName(node: Node, source: Source, func: FunctionDeclaration): boolean {
    if (func instanceof MethodDeclaration)
      return node instanceof PropertyAccessExpression && node.property.text === func.name.text;
    if (!(node instanceof IdentifierExpression || node instanceof PropertyAccessExpression)) return false;
    const declaration = this.code.meaningOf(node, source, new Map())?.declaration;
    if (declaration instanceof NamespaceDeclaration) return declaration.members.includes(func);
    return declaration === func;
  }

  private head(statement: LoopStatement): void {
    this.inside(statement.body, statement, () => {
      if (statement instanceof ForStatement) {
        const { initializer, incrementor } = statement;
        if (initializer instanceof VariableStatement)
          for (const declaration of initializer.declarations) this.initializer(declaration);
        else if (initializer instanceof ExpressionStatement) this.expression(initializer.expression);
        if (incrementor) this.expression(incrementor);
      }
      if (statement.condition) this.expression(statement.condition);
    });
  }

  private inside(statement: Statement, parent: Node, visit: () => void): void {
    const before = this.at;
    this.at = { statement, parent };
    visit();
    this.at = before;
  }

  private statement(statement: Statement, parent: Node): void {
    this.inside(statement, parent, () => this.statementHere(statement));
  }

  private statementHere(statement: Statement): void {
    if (statement instanceof BlockStatement) {
      for (const part of statement.statements) this.statement(part, statement);
    } else if (statement instanceof VariableStatement) {
      for (const declaration of statement.declarations) this.initializer(declaration);
    } else if (statement instanceof ExpressionStatement || statement instanceof VoidStatement) {
      this.expression(statement.expression);
    } else if (statement instanceof IfStatement) {
      this.expression(statement.condition);
      this.statement(statement.ifTrue, statement);
      if (statement.ifFalse) this.statement(statement.ifFalse, statement);
    } else if (isLoop(statement)) {
      this.head(statement);
      this.statement(statement.body, statement);
    } else if (statement instanceof SwitchStatement) {
      this.expression(statement.condition);
      for (const one of statement.cases) {
        if (one.label) this.expression(one.label);
        for (const part of one.statements) {
          // What one case declares may be seen by the next, which has not given it a value.
          if (part instanceof VariableStatement) throw new Escapes();
          this.statement(part, one);
        }
      }
    } else if (statement instanceof ReturnStatement) {
      // The scope stays open then: what is returned is of whoever called, and of its scope.
      if (statement.value) this.expression(statement.value);
    } else if (!LEAVES.some((kind) => statement instanceof kind)) {
      throw new Escapes();
    }
  }

  /** Without a value a variable may have that of the turn before; one of `var` is there behind the loop. */
  private initializer(declaration: VariableDeclaration): void {
    const { initializer, name } = declaration;
    if (initializer) this.expression(initializer);
    if (isPlain(declaration)) return;
    if (!initializer || (isOfFunction(declaration) && !this.body.fresh.has(name.text))) throw new Escapes();
  }

  /** Asks asc whether `expression` is a number, where the statement that is visited begins. */
  private ask(expression: string): void {
    this.questions.push({ ...this.at, expression });
  }

  private expression(expression: Expression): void {
    if (expression instanceof ParenthesizedExpression || expression instanceof AssertionExpression)
      this.expression(expression.expression);
    else if (expression instanceof BinaryExpression) this.binary(expression);
    else if (expression instanceof UnaryPrefixExpression || expression instanceof UnaryPostfixExpression)
      this.expression(expression.operand);
    else if (expression instanceof TernaryExpression)
      this.all([expression.condition, expression.ifThen, expression.ifElse]);
    else if (expression instanceof CommaExpression) this.all(expression.expressions);
    else if (expression instanceof PropertyAccessExpression) this.property(expression);
    else if (expression instanceof ElementAccessExpression)
      this.all([expression.expression, expression.elementExpression]);
    else if (expression instanceof CallExpression) this.call(expression);
    else if (expression instanceof NewExpression) this.making(expression);
    else if (expression instanceof InstanceOfExpression) this.expression(expression.expression);
    else if (expression instanceof TemplateLiteralExpression && !expression.tag)
      this.all(expression.expressions);
    else if (expression instanceof ArrayLiteralExpression) this.all(expression.elementExpressions);
    else if (!ATOMS.some((kind) => expression instanceof kind)) throw new Escapes();
  }

  private all(expressions: readonly Expression[]): void {
    for (const expression of expressions) this.expression(expression);
  }

  private binary({ operator, left, right }: BinaryExpression): void {
    this.expression(right);
    this.expression(left);
    if (!ASSIGNS.test(operatorTokenToString(operator))) return;
    const target = bare(left);
    if (target instanceof IdentifierExpression && this.body.fresh.has(target.text)) return;
    // A function or global is no target; a field or an element is one that asc knows.
    this.ask(textOf(target));
  }

  private property({ expression, property }: PropertyAccessExpression): void {
    if (this.code.hasOwnAccessor(property.text) || property.text === ADDRESS) throw new Escapes();
    this.expression(expression);
  }

  private making({ typeName, args }: NewExpression): void {
    const { text } = typeName.identifier;
    const isBuiltIn = BUILT_IN_CLASSES.has(text) && !typeName.next;
    if (!isBuiltIn || this.code.topLevel(this.body.file, text)) throw new Escapes();
    this.all(args);
  }

  private call({ expression, args }: CallExpression): void {
    const callee = bare(expression);
    this.all(args);
    const meaning = this.code.meaningOf(callee, this.body.file, this.body.locals);
    if (meaning) {
      this.named(meaning, callee, args);
    } else if (callee instanceof IdentifierExpression) {
      const isLocal = this.body.locals.has(callee.text);
      if (isLocal || !BUILT_INS.has(callee.text)) throw new Escapes();
    } else if (callee instanceof PropertyAccessExpression) {
      this.method(callee, args);
    } else {
      throw new Escapes();
    }
  }

  private named({ file, declaration }: Meaning, callee: Expression, args: readonly Expression[]): void {
    if (!(declaration instanceof FunctionDeclaration)) throw new Escapes();
    const owner = this.code.ownerOf(file);
    if (owner === "library" && LIBRARY.has(declaration.name.text)) return;
    // In a class or a namespace other names are known than in the file.
    if (owner === "guest" && file.statements.includes(declaration)) this.helper(file, declaration);
    else if (owner === "bindings") this.imported(file, declaration, callee, args);
    else throw new Escapes();
  }

  /** A function of the bindings: one that calls the host, or one of those around an async function. */
  private imported(
    file: Source,
    declaration: FunctionDeclaration,
    callee: Expression,
    args: readonly Expression[],
  ): void {
    const name = declaration.name.text;
    const around =
      callee instanceof PropertyAccessExpression
        ? this.code.meaningOf(callee.expression, this.body.file, this.body.locals)
        : null;
    if (around?.declaration instanceof NamespaceDeclaration) {
      if (BEGINS.test(name)) this.plain(args);
      else if (!OF_CALLS.has(name)) throw new Escapes();
    } else if (!callsHost(declaration)) {
      throw new Escapes();
    }
    this.answers(file, declaration);
  }

  /** What a function of the bindings answers may point into the arena. */
  private answers(file: Source, declaration: FunctionDeclaration): void {
    const result = declaration.signature.returnType;
    if (!this.holdsPointers(file, result, new Set())) return;
    this.allocates = true;
    if (!/^(string|StaticArray<.*>)$/.test(textOf(result))) this.views.add(declaration);
  }

  /** What may begin is given numbers alone, or what was there before the loop. */
  private plain(args: readonly Expression[]): void {
    for (const argument of args) {
      const isOlder =
        this.helpers.size === 0 &&
        argument instanceof IdentifierExpression &&
        !this.declared.has(argument.text);
      if (!isOlder) this.ask(textOf(argument));
    }
  }

  /** Code of the guest's own that runs in the turn. */
  private helper(file: Source, declaration: FunctionDeclaration): void {
    if (this.helpers.has(declaration)) return;
    if (!declaration.body) throw new Escapes();
    this.helpers.add(declaration);
    const locals = localNames(declaration);
    const own = [...locals.keys()].filter((name) =>
      this.code.isLocal({ file, declaration, locals }, name, declaration.body!),
    );
    const outer = this.body;
    this.body = { file, locals, fresh: new Set(own) };
    for (const { initializer } of declaration.signature.parameters)
      if (initializer) this.inside(declaration.body, declaration, () => this.expression(initializer));
    this.statement(declaration.body, declaration);
    this.body = outer;
  }

  /** A method of whatever object: no class of the guest's has one of this name, or a field of it. */
  private method({ expression, property }: PropertyAccessExpression, args: readonly Expression[]): void {
    const name = property.text;
    if (this.code.hasOwnMember(name) || this.isAmbiguous(expression)) throw new Escapes();
    const isBuiltIn =
      expression instanceof IdentifierExpression &&
      BUILT_IN_OWNERS.has(expression.text) &&
      !this.body.locals.has(expression.text) &&
      !this.code.topLevel(this.body.file, expression.text);
    this.expression(expression);
    if (isBuiltIn) return;
    const bound = this.code.methods("bindings", name);
    if (BEGINS.test(name)) this.plain(args);
    else if (!METHODS.has(name) && (KEEPS.test(name) || bound.length === 0 || !bound.every(callsHost)))
      throw new Escapes();
    for (const method of bound.filter(callsHost)) this.answers(method.range.source, method);
  }

  /** Whether a name is both a variable of a block's and something of the file's. */
  private isAmbiguous(expression: Expression): boolean {
    const { file, locals, fresh } = this.body;
    if (!(expression instanceof IdentifierExpression) || fresh.has(expression.text)) return false;
    return locals.has(expression.text) && this.code.topLevel(file, expression.text) !== null;
  }

  /** Whether a value of a type of the bindings may point somewhere; what is not known may. */
  private holdsPointers(file: Source, type: TypeNode, seen: Set<string>): boolean {
    if (!(type instanceof NamedTypeNode) || type.name.next) return true;
    const name = type.name.identifier.text;
    if (PLAIN_TYPES.test(name) || name === "") return false;
    if (seen.has(name)) return false;
    seen.add(name);
    const meaning = this.code.topLevel(file, name);
    const declaration = meaning?.declaration;
    if (!meaning) return true;
    if (declaration instanceof TypeDeclaration)
      return this.holdsPointers(meaning.file, declaration.type, seen);
    if (!(declaration instanceof ClassDeclaration)) return false;
    return declaration.members.some((member) => {
      if (member.name.text === "allocate") return true;
      const held =
        member instanceof FieldDeclaration
          ? member.type
          : member instanceof MethodDeclaration && member.signature.parameters.length === 0
            ? member.signature.returnType
            : null;
      const isHandle = declaration.extendsType !== null;
      return held !== null && !isHandle && this.holdsPointers(meaning.file, held, seen);
    });
  }
}

/** Statements that end a turn, or do nothing. What is thrown ends the guest. */
const LEAVES = [BreakStatement, ContinueStatement, EmptyStatement, ThrowStatement];

/** Expressions that consist of no others. */
const ATOMS = [
  IdentifierExpression,
  IntegerLiteralExpression,
  FloatLiteralExpression,
  StringLiteralExpression,
  OmittedExpression,
];

/** Whether a function of the bindings hands what it is given to the host, which keeps nothing of it. */
function callsHost({ body }: FunctionDeclaration): boolean {
  return body !== null && /\blowered_/.test(textOf(body)) && !/\b(land|begin)\(/.test(textOf(body));
}

/** Whether a declaration alone shows that a variable holds a number. */
function isPlain({ type, initializer }: VariableDeclaration): boolean {
  if (type) return PLAIN_TYPES.test(textOf(type));
  return initializer instanceof IntegerLiteralExpression || initializer instanceof FloatLiteralExpression;
}

/** Whether `var` declares it: what it holds is there behind the loop. */
function isOfFunction(declaration: VariableDeclaration): boolean {
  return !declaration.is(CommonFlags.Let) && !declaration.is(CommonFlags.Const);
}

function contains(range: Range, node: Node): boolean {
  return range.source === node.range.source && range.start <= node.range.start && node.range.end <= range.end;
}

/** Whether a node is the name that an import or an export gives: no use of it. */
function isImport(node: Node, file: Source): boolean {
  return file.statements.some(
    (statement) =>
      (statement instanceof ImportStatement || statement instanceof ExportStatement) &&
      contains(statement.range, node),
  );
}
