/**
 * Loops that only look whether something has settled. Such a loop would ask at full speed, and where nobody
 * else runs meanwhile, for ever: it waits instead, in `waitAny`, for what it has asked about.
 *
 *     while (!ready && !over) {
 *       if (still) waitAny(input, timer)     as soon as a turn has shown that the next one would be the same
 *       ready = input.poll();
 *       over = timer.poll();
 *     }
 *
 * A turn that does nothing but ask, compute with the function's own variables, and store in them, depends on
 * these and on the answers. If it leaves all of them as they were, then the next one is the same, and every
 * one behind it, until an answer is another: until something settles that was asked about and had not.
 * That a turn was such a one is found out while it runs: the variables are compared, and whatever does more
 * than that, on some way through the turn, says so. A loop that does more on every way is left alone; so is
 * one with `pause()`, whose author has said what is to happen between two looks.
 *
 * A cancellation does not end the wait, as it does not end the loop.
 */
import "../../wasm/binaryen.js"; // first: asc loads Binaryen too
import {
  AssertionExpression,
  BinaryExpression,
  BlockStatement,
  BreakStatement,
  CallExpression,
  ContinueStatement,
  EmptyStatement,
  type Expression,
  ExpressionStatement,
  FalseExpression,
  FloatLiteralExpression,
  ForStatement,
  FunctionDeclaration,
  IdentifierExpression,
  IfStatement,
  IntegerLiteralExpression,
  NamespaceDeclaration,
  type Node,
  NullExpression,
  ParenthesizedExpression,
  PropertyAccessExpression,
  ReturnStatement,
  type Statement,
  SuperExpression,
  TernaryExpression,
  ThisExpression,
  ThrowStatement,
  TrueExpression,
  UnaryPrefixExpression,
  VariableStatement,
  operatorTokenToString,
} from "assemblyscript";
import type { GuestCode } from "./guest-code.js";
import type { Insertions, LoopNames } from "./insertions.js";
import type { Loop } from "./loop.js";
import { CommonFlags, bare, declaredIn, textOf } from "./syntax.js";

/** The most that `waitAny` waits for. */
const MOST = 8;
/** Of those that may have settled while the loop goes on, all sets are told apart: up to so many. */
const MOST_APART = 2;

/** Something that a loop asks about. */
interface Asked {
  /** How it is given to `waitAny`. */
  readonly argument: string;
  /** What asc is asked about its type; null where its declaration is known. */
  readonly question: string | null;
  /** The variable that is true when it was asked and had not settled. */
  readonly flag: string;
}

/** Lets a loop wait that does nothing but ask. @returns whether it is one */
export function waitInsteadOfAsking(
  code: GuestCode,
  loop: Loop,
  insertions: Insertions,
  names: LoopNames,
): boolean {
  if (!asksAsTheLibraryDoes(code)) return false;
  const found = new Asking(code, loop, names.prefix);
  if (!found.onlyAsks()) return false;
  found.write(insertions, names);
  return true;
}

/** Whether whatever has a `poll` is an end or a call, where asc says that it has what only these have. */
function asksAsTheLibraryDoes(code: GuestCode): boolean {
  const own = ["poll", "pending", "operations", "hasResult"];
  return (
    own.every((name) => code.methods("guest", name).length === 0) &&
    code.methods("bindings", "poll").every(({ body }) => body && textOf(body).includes("changetype<Subtask>"))
  );
}

const COMPARES = /^(&&|\|\||[&|^]|[=!]==?|[<>]=?)$/;
const STORES = /^[&|^]?=$/;

/** One loop, and what it asks about. */
class Asking {
  /** What is asked about, by its text. */
  private readonly asked = new Map<string, Asked>();
  /** Variables that a turn hands to the next one. */
  private readonly carried = new Set<string>();
  /** Names that the loop declares itself. */
  private readonly declared: ReadonlySet<string>;
  /** Branches that do more. */
  private readonly busy: { readonly branch: Statement; readonly parent: Node }[] = [];
  private readonly polls: { readonly poll: Expression; readonly parent: Node; readonly flag: string }[] = [];

  constructor(
    private readonly code: GuestCode,
    private readonly loop: Loop,
    private readonly prefix: string,
  ) {
    this.declared = declaredIn(loop.statement);
  }

  /** Whether a turn does nothing but ask, on some way through it. */
  onlyAsks(): boolean {
    const { statement } = this.loop;
    if (statement instanceof ForStatement) {
      const { incrementor } = statement;
      if (incrementor && !this.isStore(incrementor, statement)) return false;
    }
    const { condition } = statement;
    if (condition && !this.isPure(condition, statement)) return false;
    return this.isQuiet(statement.body) && this.asked.size > 0 && this.asked.size <= MOST;
  }

  /** Lets the loop wait: `onlyAsks` has said that it may. */
  write(insertions: Insertions, { ask, askForNumber }: LoopNames): void {
    const { statement, parent } = this.loop;
    const still = `${this.prefix}still`;
    const asked = [...this.asked.values()];
    const carried = [...this.carried].map((name) => ({ name, before: `${this.prefix}before_${name}` }));
    const questions = [
      ...carried.map(({ name }) => askForNumber(name)),
      ...asked.flatMap(({ question }) => (question === null ? [] : [ask(question)])),
    ];
    const variables = [
      `let ${still} = false;`,
      ...asked.map(({ flag }) => `let ${flag} = false;`),
      ...carried.map(({ name, before }) => `let ${before} = ${name};`),
    ];
    const same = [still, ...carried.map(({ name, before }) => `${before} == ${name}`)].join(" && ");
    const turn = [
      `if (${same}) {${this.waits()}}`,
      ...carried.map(({ name, before }) => `${before} = ${name};`),
      ...asked.map(({ flag }) => `${flag} = false;`),
      `${still} = true;`,
    ];
    insertions.before(statement, parent, [...questions, ...variables].join(""));
    insertions.before(statement.body, statement, turn.join(""));
    for (const { branch, parent: around } of this.busy)
      insertions.before(branch, around, `${still} = false;`);
    for (const { poll, parent: around, flag } of this.polls)
      insertions.replace(poll, around, `${textOf(poll)} || !(${flag} = true)`);
  }

  /** The wait for what the last turn has asked about and had not settled. */
  private waits(): string {
    const ends = this.settledEnds();
    const [always, sometimes] = [true, false].map((which) =>
      [...this.asked].filter(([text]) => ends.has(text) === which).map(([, asked]) => asked),
    ) as [Asked[], Asked[]];
    const apart = sometimes.length <= MOST_APART ? sometimes : [];
    const together = sometimes.length <= MOST_APART ? always : [...always, ...sometimes];
    const wait = choose(apart, together);
    if (together.length === 0) return wait;
    return `if (${together.map(({ flag }) => flag).join(" && ")}) {${wait}}`;
  }

  /**
   * Those with which the loop ends once they have settled: for the others there are waits without them. What
   * is not found here costs a few bytes.
   */
  private settledEnds(): Set<string> {
    const { condition, body } = this.loop.statement;
    const ending = condition ? denied(condition) : [];
    const stored = new Map<string, Expression[]>();
    for (const statement of body instanceof BlockStatement ? body.statements : [body]) {
      if (statement instanceof IfStatement) ending.push(...either(statement.condition));
      if (statement instanceof VariableStatement)
        for (const { name, initializer } of statement.declarations)
          if (initializer) stored.set(name.text, either(initializer));
      if (!(statement instanceof ExpressionStatement)) continue;
      const store = bare(statement.expression);
      if (store instanceof BinaryExpression && STORES.test(operatorTokenToString(store.operator)))
        stored.set(textOf(store.left), either(store.right));
    }
    const terms = ending.flatMap((term) => [term, ...(stored.get(textOf(term)) ?? [])]);
    return new Set(
      terms.flatMap((term) =>
        term instanceof CallExpression && term.expression instanceof PropertyAccessExpression
          ? [textOf(term.expression.expression)]
          : [],
      ),
    );
  }

  /** Whether a statement does no more than ask and store. Behind one that leaves there is no next turn. */
  private isQuiet(statement: Statement): boolean {
    if (statement instanceof BlockStatement) return statement.statements.every((part) => this.isQuiet(part));
    if (statement instanceof VariableStatement)
      return statement.declarations.every(
        (declaration) =>
          declaration.initializer !== null && this.isPure(declaration.initializer, declaration),
      );
    if (statement instanceof ExpressionStatement) return this.isStore(statement.expression, statement);
    if (!(statement instanceof IfStatement)) return LEAVES.some((kind) => statement instanceof kind);
    if (!this.isPure(statement.condition, statement)) return false;
    this.branch(statement.ifTrue, statement);
    if (statement.ifFalse) this.branch(statement.ifFalse, statement);
    return true;
  }

  /** A branch may do more: a turn that takes it says so. */
  private branch(branch: Statement, parent: Node): void {
    const [asked, carried] = [new Set(this.asked.keys()), new Set(this.carried)];
    const [busy, polls] = [this.busy.length, this.polls.length];
    if (this.isQuiet(branch)) return;
    for (const text of this.asked.keys()) if (!asked.has(text)) this.asked.delete(text);
    for (const name of this.carried) if (!carried.has(name)) this.carried.delete(name);
    this.busy.length = busy;
    this.polls.length = polls;
    this.busy.push({ branch, parent });
  }

  /** Whether an expression is pure, or stores such a one in a variable of the function's. */
  private isStore(expression: Expression, parent: Node): boolean {
    if (expression instanceof ParenthesizedExpression) return this.isStore(expression.expression, expression);
    const isStoring =
      expression instanceof BinaryExpression && STORES.test(operatorTokenToString(expression.operator));
    if (!isStoring) return this.isPure(expression, parent);
    const target = bare(expression.left);
    const { locals } = this.loop.func;
    if (!(target instanceof IdentifierExpression) || !this.isLocal(target)) return false;
    // A variable that each turn declares anew is none that it hands on; one of two that share a name may be.
    if (!this.declared.has(target.text)) this.carried.add(target.text);
    else if (locals.get(target.text) !== 1 || this.isOfHead(target.text)) return false;
    return this.isPure(expression.right, expression);
  }

  private isOfHead(name: string): boolean {
    const { statement } = this.loop;
    return (
      statement instanceof ForStatement &&
      statement.initializer !== null &&
      declaredIn(statement.initializer).has(name)
    );
  }

  /** Whether an expression depends on the function's variables and on answers alone, and changes nothing. */
  private isPure(expression: Expression, parent: Node): boolean {
    if (CONSTANTS.some((kind) => expression instanceof kind)) return true;
    if (expression instanceof ThisExpression || expression instanceof SuperExpression) return false;
    if (expression instanceof IdentifierExpression) return this.isSteady(expression);
    if (expression instanceof ParenthesizedExpression) return this.isPure(expression.expression, expression);
    if (expression instanceof AssertionExpression) return this.isPure(expression.expression, expression);
    if (expression instanceof UnaryPrefixExpression)
      return (
        operatorTokenToString(expression.operator) === "!" && this.isPure(expression.operand, expression)
      );
    if (expression instanceof TernaryExpression)
      return [expression.condition, expression.ifThen, expression.ifElse].every((part) =>
        this.isPure(part, expression),
      );
    if (expression instanceof BinaryExpression)
      return (
        COMPARES.test(operatorTokenToString(expression.operator)) &&
        this.isPure(expression.left, expression) &&
        this.isPure(expression.right, expression)
      );
    return expression instanceof CallExpression && this.isPoll(expression, parent);
  }

  /** Whether nobody but the loop itself changes what a name stands for. */
  private isSteady(name: IdentifierExpression): boolean {
    if (this.isLocal(name)) return true;
    const declaration = this.code.topLevel(this.loop.func.file, name.text)?.declaration;
    return declaration?.is(CommonFlags.Const) ?? false;
  }

  private isLocal({ text }: IdentifierExpression): boolean {
    const { func, statement } = this.loop;
    return this.code.isLocal(func, text, statement);
  }

  private isPoll(call: CallExpression, parent: Node): boolean {
    const callee = bare(call.expression);
    if (!(callee instanceof PropertyAccessExpression) || callee.property.text !== "poll") return false;
    if (call.args.length > 0) return false;
    const text = textOf(callee.expression);
    const flag = this.asked.get(text)?.flag ?? `${this.prefix}open_${this.asked.size}`;
    const argument = this.argumentOf(callee.expression);
    if (!argument) return false;
    this.asked.set(text, { ...argument, flag });
    this.polls.push({ poll: call, parent, flag });
    return true;
  }

  private argumentOf(asked: Expression): Omit<Asked, "flag"> | null {
    const { func } = this.loop;
    const text = textOf(asked);
    const meaning = this.code.meaningOf(asked, func.file, func.locals);
    if (meaning) {
      const { declaration, file } = meaning;
      if (!(declaration instanceof NamespaceDeclaration) || this.code.ownerOf(file) !== "bindings")
        return null;
      const isCall = declaration.members.some(
        (member) => member instanceof FunctionDeclaration && member.name.text === "pending",
      );
      return isCall ? { argument: `${text}.pending()`, question: null } : null;
    }
    if (!this.isFixed(asked)) return null;
    const members = ["pending", "operations", "hasResult"].map((name) => `!isDefined(${text}.${name})`);
    return { argument: text, question: members.join(" && ") };
  }

  /** Whether an expression gives the same object in every turn, and may stand in front of the loop. */
  private isFixed(asked: Expression): boolean {
    const named = bare(asked);
    if (named instanceof PropertyAccessExpression) {
      const { text } = named.property;
      const isParameter = this.code.methods("bindings", text).length > 0 && !this.code.hasOwnMember(text);
      return isParameter && this.isFixed(named.expression);
    }
    return named instanceof IdentifierExpression && this.isLocal(named) && !this.declared.has(named.text);
  }
}

const CONSTANTS = [
  TrueExpression,
  FalseExpression,
  NullExpression,
  IntegerLiteralExpression,
  FloatLiteralExpression,
];

const LEAVES = [BreakStatement, ContinueStatement, ReturnStatement, ThrowStatement, EmptyStatement];

/** The terms of a condition of which each ends the loop when it is true: of `!a && !b` they are a and b. */
function denied(condition: Expression): Expression[] {
  const whole = bare(condition);
  if (whole instanceof BinaryExpression && operatorTokenToString(whole.operator) === "&&")
    return [...denied(whole.left), ...denied(whole.right)];
  const isDenied = whole instanceof UnaryPrefixExpression && operatorTokenToString(whole.operator) === "!";
  return isDenied ? either(whole.operand) : [];
}

/** The terms of an expression that is true when one of them is. */
function either(expression: Expression): Expression[] {
  const whole = bare(expression);
  if (whole instanceof BinaryExpression && /^\|\|?$/.test(operatorTokenToString(whole.operator)))
    return [...either(whole.left), ...either(whole.right)];
  return [whole];
}

/** The wait for `together`, and for those of `apart` that have not settled. */
function choose([next, ...rest]: readonly Asked[], together: readonly Asked[]): string {
  if (next)
    return `if (${next.flag}) {${choose(rest, [...together, next])}} else {${choose(rest, together)}}`;
  if (together.length === 0) return "";
  const waited = together.map(({ argument }) => argument).join(", ");
  return `rill_hold_cancellation(); rill_wait_any(${waited}); rill_heed_cancellation();`;
}
