/**
 * A function as it is written in C: its statements, its variables, and the stack of values that are pending.
 *
 * A pending value is an expression that becomes part of a later statement. Before a statement that would
 * change what an expression reads, or that a trap must come before, the expression is settled: computed into
 * a variable. At most one pending value may trap, so traps come in the module's order whatever order C
 * evaluates operands in.
 */
import { zero } from "./literals.js";
import { atom, cType, type NumberType, type Value } from "./value.js";

const COLUMNS = 110;
/** Characters of an expression that is settled for being long. */
const LONG = 90;

/** One function being written. */
export class FunctionScope {
  /** Pending values, the top last. */
  stack: Value[] = [];
  /** Statements; null for what turned out not to be needed. */
  readonly lines: (string | null)[] = [];
  /** Levels of braces. */
  depth = 1;
  /** Types of what was on the stack, locals aside. */
  readonly types = new Set<NumberType>();
  private readonly variables = new Map<string, { readonly type: string; readonly initial: string | null }>();
  private next = 0;

  constructor(
    readonly locals: readonly NumberType[],
    parameterCount: number,
  ) {
    for (const [index, type] of locals.entries())
      if (index >= parameterCount)
        this.variables.set(`l${index}`, { type: cType(type), initial: zero(type) });
  }

  /** Writes a statement. @returns where it stands */
  write(text: string, depth = this.depth): number {
    return this.lines.push(`${"    ".repeat(depth)}${text}`) - 1;
  }

  /** Takes the top value. */
  pop(): Value {
    return this.stack.pop()!;
  }

  /** Takes the top `count` values, the deepest first. */
  popMany(count: number): Value[] {
    return count === 0 ? [] : this.stack.splice(-count);
  }

  /** Pushes a value. */
  push(value: Value): void {
    if (value.mayTrap) this.settleIf(({ mayTrap }) => mayTrap);
    this.types.add(value.type);
    this.stack.push(value);
    if (value.text.length > LONG) this.settle(this.stack.length - 1);
  }

  /** Pushes the value of a local. */
  pushLocal(index: number): void {
    this.stack.push(atom(this.locals[index]!, `l${index}`, { locals: new Set([index]) }));
  }

  /** A new variable. */
  variable(type: string): string {
    const name = `t${this.next++}`;
    this.variables.set(name, { type, initial: null });
    return name;
  }

  /** Computes the pending value at `index` now, unless it is a constant. */
  settle(index: number): void {
    const value = this.stack[index]!;
    this.stack[index] = this.settled(value);
  }

  /** The value, computed now unless it depends on nothing. */
  settled(value: Value): Value {
    if (isSettled(value)) return value;
    const name = this.variable(cType(value.type));
    this.write(`${name} = ${value.text};`);
    return atom(value.type, name);
  }

  /** Settles those of the pending values that `applies` to. */
  settleIf(applies: (value: Value) => boolean): void {
    for (const [index, value] of this.stack.entries()) if (applies(value)) this.settle(index);
  }

  /** Before code that runs in one of several ways: what is pending is computed in all of them. */
  settleAll(): void {
    this.settleIf(() => true);
  }

  /** Before memory changes. */
  settleForStore(): void {
    this.settleIf(({ readsMemory, mayTrap }) => readsMemory || mayTrap);
  }

  /** Before anything of the instance changes. */
  settleForCall(): void {
    this.settleIf(({ readsMemory, readsGlobals, mayTrap }) => readsMemory || readsGlobals || mayTrap);
  }

  /** Before control goes elsewhere: pending values are lost there, and their traps must not be. */
  settleTraps(): void {
    this.settleIf(({ mayTrap }) => mayTrap);
  }

  /** The declarations and statements of the body. */
  body(): string[] {
    while (this.dropUnread()) {
      // What only a dropped line has read is unread now.
    }
    const code = this.lines.filter((line) => line !== null);
    const mentioned = new Set(code.flatMap((line) => line.match(/\b(?:[lt]\d+|memory)\b/g) ?? []));
    return [...this.declarations(mentioned), ...code];
  }

  private declarations(mentioned: ReadonlySet<string>): string[] {
    const byType = new Map<string, string[]>();
    for (const [name, { type, initial }] of this.variables) {
      if (!mentioned.has(name)) continue;
      const list = byType.get(type) ?? [];
      list.push(initial === null ? name : `${name} = ${initial}`);
      byType.set(type, list);
    }
    const memory = mentioned.has("memory")
      ? ["    uint8_t *const memory = RILL_NATIVE_ALIGNED_AT(guest->memory);"]
      : [];
    return [...memory, ...[...byType].flatMap(([type, names]) => wrapped(type, names))];
  }

  /**
   * What is assigned and never read, C compilers warn of: the value is computed and thrown away.
   * @returns whether there was any
   */
  private dropUnread(): boolean {
    let isAny = false;
    const assignment = /^(\s*)([lt]\d+) = (.*);$/;
    const read = new Set<string>();
    for (const line of this.lines) {
      const text = line === null ? "" : (assignment.exec(line)?.[3] ?? line);
      for (const name of text.match(/\b[lt]\d+\b/g) ?? []) read.add(name);
    }
    for (const [index, line] of this.lines.entries()) {
      const [, indent, name, value] = (line === null ? null : assignment.exec(line)) ?? [];
      if (name === undefined || read.has(name)) continue;
      this.lines[index] = value!.includes("(") ? `${indent}(void)(${value});` : null;
      isAny = true;
    }
    return isAny;
  }
}

function isSettled({ constant, locals, readsMemory, readsGlobals, mayTrap, isAtom }: Value): boolean {
  return constant !== null || (isAtom && locals.size === 0 && !readsMemory && !readsGlobals && !mayTrap);
}

/** Declarations of variables of a type, in lines of limited length. */
function wrapped(type: string, names: readonly string[]): string[] {
  const lines: string[] = [];
  let line = "";
  for (const name of names) {
    const longer = line === "" ? `    ${type} ${name}` : `${line}, ${name}`;
    if (longer.length < COLUMNS) {
      line = longer;
      continue;
    }
    lines.push(`${line};`);
    line = `    ${type} ${name}`;
  }
  return [...lines, `${line};`];
}
