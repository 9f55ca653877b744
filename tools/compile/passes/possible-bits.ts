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

/** Possible bits of each local; undefined where control never comes. */
type State = ReadonlyMap<string, number> | undefined;

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

/** All bits that a number up to `most` may have set. */
function upTo(most: number): number {
  return 2 ** (32 - Math.clz32(Math.min(most, ANY))) - 1;
}

function join(a: State, b: State): State {
  if (!a || !b) return a ?? b;
  return new Map([...a].map(([local, bits]) => [local, (bits | b.get(local)!) >>> 0]));
}

class Walker {
  readonly bits = new Map<Form, number>();
  /** What comes to each label: for a block behind it, for a loop back to its start. */
  private readonly atLabel = new Map<Node | undefined, State>();

  constructor(private state: State) {}

  /** Walks `form`. @returns the possible bits of its value */
  value(form: Form): number {
    if (!this.state) return ANY;
    const bits = this.computed(form, this.state);
    this.bits.set(form, bits);
    return bits;
  }

  private values(forms: readonly Form[]): number[] {
    return forms.map((form) => this.value(form));
  }

  private computed(form: Form, state: NonNullable<State>): number {
    switch (headOf(form)) {
      case "block":
        this.values(operands(form));
        this.state = join(this.state, this.comingTo(form.items[1]));
        return ANY;
      case "loop":
        return this.loop(form, state);
      case "if":
        return this.branches(form);
      case "br":
      case "br_if":
      case "br_table":
        return this.jump(form);
      case "return":
      case "unreachable":
        this.values(operands(form));
        this.state = undefined;
        return ANY;
      case "local.get":
        return state.get(form.items[1] as string)!;
      case "local.set":
      case "local.tee":
        return this.assign(form);
      default:
        return arithmetic(form, this.values(operands(form)));
    }
  }

  /** The state that jumps to `label` bring; a block or loop without a label has none. */
  private comingTo(label: Node | undefined): State {
    return this.atLabel.get(label);
  }

  private assign(form: Form): number {
    const [bits] = this.values(operands(form));
    if (this.state) this.state = new Map(this.state).set(form.items[1] as string, bits!);
    return bits!;
  }

  private loop(form: Form, first: NonNullable<State>): number {
    let before = first;
    for (let walks = 1; ; walks++) {
      this.state = before;
      this.values(operands(form));
      const again = join(before, this.comingTo(form.items[1]))!;
      const changed = [...again].filter(([local, bits]) => bits !== before.get(local));
      if (changed.length === 0) return ANY;
      before =
        walks < PATIENCE ? again : new Map([...again, ...changed.map(([local]) => [local, ANY] as const)]);
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
    for (const label of form.items) this.atLabel.set(label, join(this.comingTo(label), leaving));
    this.state = condition ? refined(this.state, condition, false) : undefined;
    return ANY;
  }
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
  const [left, right] = operands(condition);
  if (headOf(condition) === "i32.eqz") return refined(state, left!, !holds);
  if (localOf(condition) !== "") return holds ? state : limited(state, condition, 0);
  const limit = constantOf(right);
  if (limit === null) return state;
  switch (`${headOf(condition)} ${holds}`) {
    case "i32.eq true":
    case "i32.ne false":
      return limited(state, left!, limit);
    case "i32.and false":
      return limited(state, left!, ~limit);
    case "i32.lt_u true":
    case "i32.ge_u false":
      return limited(state, left!, upTo(Math.max(limit - 1, 0)));
    case "i32.le_u true":
    case "i32.gt_u false":
      return limited(state, left!, upTo(limit));
    default:
      return state;
  }
}

/** The state in which the value of `form`, if a local holds it, has only bits of `mask`. */
function limited(state: State, form: Form, mask: number): State {
  const local = localOf(form);
  const bits = state?.get(local);
  return bits === undefined ? state : new Map(state).set(local, (bits & mask) >>> 0);
}

/** The local that holds the value of `form`; empty where none does. */
function localOf(form: Form): string {
  return /^local\.(get|tee)$/.test(headOf(form)) ? (form.items[1] as string) : "";
}

/** The value of a constant, unsigned, or null. */
export function constantOf(form: Node | undefined): number | null {
  return isForm(form, "i32.const") ? Number(form.items[1]) >>> 0 : null;
}
