/**
 * Which bits of an i32 may be set, wherever a function computes one.
 *
 * One word a value says all that the passes ask: an index that was masked or compared is at most its possible
 * bits, so an access at a computed address stays in a range; and a status of which bit 0 cannot be set needs
 * no test of that bit.
 *
 * A walk over structured control flow, from a state at the function's start: locals that are not parameters
 * are 0. States that meet are joined, and a loop is walked until what jumps back to it brings nothing new.
 * What a branch has tested holds behind it.
 */
import { type Form, type Node, headOf, isForm, operands } from "./s-expression.js";

/** The possible bits of every i32 expression that can be reached; of one that cannot, nothing. */
export type PossibleBits = ReadonlyMap<Form, number>;

/** A bit may be set: unsigned, 0 to 2^32-1. */
const ANY = 0xffff_ffff;

/** How often a loop is walked before each local that still changes in it may be anything. */
const PATIENCE = 4;

/** Possible bits of each local; null where control never comes. */
type State = Map<string, number> | null;

/** Follows every path through `func`. */
export function possibleBits(func: Form): PossibleBits {
  const start = new Map<string, number>();
  for (const form of operands(func)) {
    if (headOf(form) === "param") start.set(form.items[1] as string, ANY);
    if (headOf(form) === "local") start.set(form.items[1] as string, 0);
  }
  const walker = new Walker(start);
  for (const form of operands(func)) walker.value(form);
  return walker.bits;
}

/** The same value and all below its highest bit: what a number up to `most` may have set. */
function upTo(most: number): number {
  return most === 0 ? 0 : most >= 2 ** 31 ? ANY : 2 ** (32 - Math.clz32(most)) - 1;
}

function join(a: State, b: State): State {
  if (!a || !b) return a ?? b;
  const both = new Map<string, number>();
  for (const [local, bits] of a) both.set(local, (bits | b.get(local)!) >>> 0);
  return both;
}

function isSame(a: State, b: State): boolean {
  return a === b || (a !== null && b !== null && [...a].every(([local, bits]) => bits === b.get(local)));
}

class Walker {
  readonly bits = new Map<Form, number>();
  private state: State;
  /** What comes to each label: for a block behind it, for a loop back to its start. */
  private readonly atLabel = new Map<string, State>();

  constructor(start: Map<string, number>) {
    this.state = start;
  }

  /** Walks `form`. @returns the possible bits of its value */
  value(form: Form): number {
    const bits = this.computed(form);
    if (this.state) this.bits.set(form, bits);
    return bits;
  }

  private values(forms: readonly Form[]): number[] {
    return forms.map((form) => this.value(form));
  }

  private computed(form: Form): number {
    switch (headOf(form)) {
      case "block":
        return this.block(form);
      case "loop":
        return this.loop(form);
      case "if":
        return this.branches(form);
      case "br":
      case "br_if":
      case "br_table":
        return this.jump(form);
      case "return":
      case "unreachable":
        this.values(operands(form));
        this.state = null;
        return ANY;
      case "local.get":
        return this.state?.get(form.items[1] as string) ?? ANY;
      case "local.set":
      case "local.tee":
        return this.assign(form);
      default:
        return arithmetic(form, this.values(operands(form)));
    }
  }

  private assign(form: Form): number {
    const [bits] = this.values(operands(form));
    this.state?.set(form.items[1] as string, bits!);
    return bits!;
  }

  private block(form: Form): number {
    const label = form.items[1];
    if (typeof label === "string") this.atLabel.set(label, null);
    this.values(operands(form));
    if (typeof label === "string") this.state = join(this.state, this.atLabel.get(label)!);
    return ANY;
  }

  private loop(form: Form): number {
    const label = form.items[1];
    let before = this.state;
    for (let walks = 1; ; walks++) {
      if (typeof label === "string") this.atLabel.set(label, null);
      this.state = before && new Map(before);
      this.values(operands(form));
      const again = typeof label === "string" ? join(before, this.atLabel.get(label)!) : before;
      if (isSame(before, again)) return ANY;
      before = walks < PATIENCE ? again : widened(before, again);
    }
  }

  private branches(form: Form): number {
    const parts = operands(form).filter((part) => headOf(part) !== "result");
    const [condition, then, otherwise] = parts;
    this.value(condition!);
    const asked = this.state;
    this.state = refined(asked, condition!, true);
    this.values(operands(then!));
    const taken = this.state;
    this.state = refined(asked, condition!, false);
    if (otherwise) this.values(operands(otherwise));
    this.state = join(taken, this.state);
    return ANY;
  }

  private jump(form: Form): number {
    this.values(operands(form));
    const condition = headOf(form) === "br_if" ? operands(form).at(-1)! : null;
    const leaving = condition ? refined(this.state, condition, true) : this.state;
    for (const label of form.items.slice(1))
      if (typeof label === "string")
        this.atLabel.set(label, join(this.atLabel.get(label) ?? null, leaving && new Map(leaving)));
    this.state = condition ? refined(this.state, condition, false) : null;
    return ANY;
  }
}

/** Lets each local that has changed be anything. */
function widened(before: State, after: State): State {
  if (!before || !after) return after;
  return new Map([...after].map(([local, bits]) => [local, bits === before.get(local) ? bits : ANY]));
}

/** What an instruction without control flow makes of its operands. */
function arithmetic(form: Form, values: readonly number[]): number {
  const [a = ANY, b = ANY] = values;
  const shift = constantOf(operands(form)[1]);
  switch (headOf(form)) {
    case "i32.const":
      return Number(form.items[1]) >>> 0;
    case "i32.and":
      return (a & b) >>> 0;
    case "i32.or":
    case "i32.xor":
    case "select":
      return (a | b) >>> 0;
    case "i32.add":
      return upTo(a + b);
    case "i32.mul":
      return upTo(a * b);
    case "i32.shl":
      return shift === null ? ANY : (a << shift) >>> 0;
    case "i32.shr_u":
      return shift === null ? ANY : a >>> shift;
    case "i32.load8_u":
      return 0xff;
    case "i32.load16_u":
      return 0xffff;
    default:
      return /^[if](32|64)\.(eqz?|ne|[lg][te](_[su])?)$/.test(headOf(form)) ? 1 : ANY;
  }
}

/** What holds of locals once `condition` has come out as `holds`. */
function refined(state: State, condition: Form, holds: boolean): State {
  if (!state) return null;
  const [left, right] = operands(condition);
  const mask = constantOf(right);
  if (isForm(condition, "i32.eqz")) return refined(state, left!, !holds);
  if (localOf(condition) !== null) return holds ? new Map(state) : limited(state, condition, 0);
  if (mask === null) return new Map(state);
  switch (`${headOf(condition)} ${holds}`) {
    case "i32.eq true":
    case "i32.ne false":
      return limited(state, left!, mask);
    case "i32.and false":
      return limited(state, left!, ~mask);
    case "i32.lt_u true":
    case "i32.ge_u false":
      return limited(state, left!, upTo(Math.max(mask - 1, 0)));
    case "i32.le_u true":
    case "i32.gt_u false":
      return limited(state, left!, upTo(mask));
    default:
      return new Map(state);
  }
}

function limited(state: Map<string, number>, form: Form, mask: number): State {
  const local = localOf(form);
  const after = new Map(state);
  if (local !== null) after.set(local, (after.get(local)! & mask) >>> 0);
  return after;
}

/** The local that holds the value of `form`, or null. */
function localOf(form: Form): string | null {
  return isForm(form, "local.get") || isForm(form, "local.tee") ? (form.items[1] as string) : null;
}

/** The value of a constant, unsigned, or null. */
export function constantOf(form: Node | undefined): number | null {
  return isForm(form, "i32.const") ? Number(form.items[1]) >>> 0 : null;
}
