/**
 * The dearest path through code, found by walking it with what is known of its i32 locals: a branch whose
 * condition is known is taken or not, any other is taken and not, and where paths meet only what they agree
 * on stays known. A loop is walked round by round until no path comes back to its head; a round that
 * comes back with nothing new could do so for ever, and then the loop has no bound.
 */
import { Op } from "../../wasm/opcodes.js";
import type { Instruction } from "./code-tree.js";
import { known, type Known } from "./known-value.js";

/** What things cost. */
export interface Costs {
  /** Of entering a function. */
  readonly entry: number;
  of(instruction: Instruction): number;
}

/** What a function costs at most, without what it calls coming into it twice. */
export interface PathCost {
  /** Infinity without a bound. */
  readonly cost: number;
  /** Of one value that it answers with, where that is known. */
  readonly result: Known;
}

/** What the walk asks about the code around a function. */
export interface Surroundings {
  readonly costs: Costs;
  /** Worst case of a call; -1 is a call through the table. */
  call(instruction: Instruction, args: readonly Known[]): PathCost & { readonly returns: number };
  /** Parameters of a function. */
  parameters(callee: number): number;
  global(index: number): Known;
  /** Whether each round of this loop is an item of its own. */
  isItemLoop(loop: Instruction): boolean;
  /** Told of what one round costs. */
  onItem(loop: Instruction, cost: number): void;
  /** Told of a loop without a bound; `rounds` were walked where a round might still end it. */
  onUnbounded(loop: Instruction, rounds: number | null): void;
  /** Counts a step. @throws when there were too many */
  step(): void;
}

/** A path up to a place: its cost since the start and since the head of the item's loop; what it knows. */
interface State {
  readonly cost: number;
  readonly round: number;
  readonly locals: readonly Known[];
  readonly stack: readonly Known[];
}

/** What a round of a loop comes to: its end, and its head again. */
interface Round {
  readonly end: State | null;
  readonly again: State | null;
}

/** What a label collects. */
interface Label {
  arrived: State | null;
  readonly arity: number;
  /** Values below its own. */
  readonly height: number;
}

/** Rounds of a loop that are walked; one that has not ended by then counts as unbounded. */
const MOST_ROUNDS = 1024;

/** Walks one function. */
export class PathWalker {
  private labels: Label[] = [];

  constructor(private readonly around: Surroundings) {}

  /** @param locals parameters, then a 0 (or, of other types, nothing) for each local */
  walk(code: readonly Instruction[], locals: readonly Known[], results: number): PathCost {
    this.labels = [{ arrived: null, arity: results, height: 0 }];
    const start = { cost: this.around.costs.entry, round: Infinity, locals, stack: [] };
    const end = join(this.sequence(code, start), this.labels[0]!.arrived);
    // Code that never returns traps.
    return { cost: end?.cost ?? 0, result: end && results === 1 ? end.stack.at(-1) : undefined };
  }

  private sequence(code: readonly Instruction[], start: State): State | null {
    let state: State | null = start;
    for (const instruction of code) {
      if (state === null) return null;
      state = this.step(instruction, state);
    }
    return state;
  }

  private step(instruction: Instruction, before: State): State | null {
    this.around.step();
    const { opcode } = instruction;
    const state = paid(before, this.around.costs.of(instruction));
    switch (opcode) {
      case Op.BLOCK:
        return this.block(instruction, state);
      case Op.LOOP:
        return this.loop(instruction, state);
      case Op.IF:
        return this.choice(instruction, state);
      case Op.CALL:
      case Op.CALL_INDIRECT:
        return this.call(instruction, state);
      case Op.UNREACHABLE:
        return null;
      case Op.BR:
      case Op.BR_IF:
      case Op.BR_TABLE:
      case Op.RETURN:
        return this.branch(instruction, state);
      default:
        return this.plain(instruction, state);
    }
  }

  private block(block: Instruction, state: State): State | null {
    return this.labelled(block, state, () => this.sequence(block.body, state));
  }

  /** Runs `inner` with a label behind it. */
  private labelled(block: Instruction, state: State, inner: () => State | null): State | null {
    const height = state.stack.length - block.takes;
    const label: Label = { arrived: null, arity: block.leaves, height };
    this.labels.push(label);
    const end = inner();
    this.labels.pop();
    return join(end, label.arrived);
  }

  private choice(choice: Instruction, before: State): State | null {
    const { state, popped } = pop(before, 1);
    const [condition] = popped;
    const then =
      condition === 0 ? null : this.labelled(choice, state, () => this.sequence(choice.body, state));
    if (condition !== undefined && condition !== 0) return then;
    return join(
      then,
      this.labelled(choice, state, () => this.sequence(choice.otherwise, state)),
    );
  }

  private loop(loop: Instruction, first: State): State | null {
    if (this.around.isItemLoop(loop)) return this.itemLoop(loop, first);
    let out: State | null = null;
    let head = first;
    for (let rounds = 1; ; rounds++) {
      // What costs without end already need not be counted.
      if (head.cost === Infinity && head.round === Infinity) return join(out, this.anyRound(loop, head).end);
      const { end, again } = this.round(loop, head);
      out = join(out, end);
      if (again === null) return out;
      const isSettled = isSame(again, head);
      if (isSettled || rounds === MOST_ROUNDS) {
        this.around.onUnbounded(loop, isSettled ? null : rounds);
        return join(out, this.anyRound(loop, { ...head, cost: Infinity, round: Infinity }).end);
      }
      head = again;
    }
  }

  private itemLoop(loop: Instruction, first: State): State | null {
    const { end, again } = this.anyRound(loop, { ...first, cost: Infinity, round: 0 });
    if (again) this.around.onItem(loop, again.round);
    return end;
  }

  /** A round of which nobody knows the how many it is. */
  private anyRound(loop: Instruction, head: State): Round {
    return this.round(loop, this.forgotten(loop, head));
  }

  private round(loop: Instruction, head: State): Round {
    const label: Label = { arrived: null, arity: loop.takes, height: head.stack.length - loop.takes };
    this.labels.push(label);
    const end = this.sequence(loop.body, head);
    this.labels.pop();
    return { end, again: label.arrived };
  }

  /** Nothing is known any more of what the loop sets. */
  private forgotten(loop: Instruction, state: State): State {
    const set = new Set<number>();
    const collect = (code: readonly Instruction[]): void => {
      for (const { opcode, a, body, otherwise } of code) {
        if (opcode === Op.LOCAL_SET || opcode === Op.LOCAL_TEE) set.add(a);
        collect(body);
        collect(otherwise);
      }
    };
    collect(loop.body);
    const locals = state.locals.map((value, index) => (set.has(index) ? undefined : value));
    const kept = state.stack.length - loop.takes;
    return { ...state, locals, stack: state.stack.map((value, index) => (index < kept ? value : undefined)) };
  }

  private branch({ opcode, a, labels }: Instruction, before: State): State | null {
    if (opcode === Op.RETURN) this.arrive(this.labels.length - 1, before);
    else if (opcode === Op.BR) this.arrive(a, before);
    else if (opcode === Op.BR_IF) {
      const { state, popped } = pop(before, 1);
      if (popped[0] !== 0) this.arrive(a, state);
      return popped[0] === undefined || popped[0] === 0 ? state : null;
    } else {
      const { state, popped } = pop(before, 1);
      const [index] = popped;
      const taken = index === undefined ? labels : [labels[Math.min(index >>> 0, labels.length - 1)]!];
      for (const depth of new Set(taken)) this.arrive(depth, state);
    }
    return null;
  }

  private arrive(depth: number, state: State): void {
    const label = this.labels.at(-1 - depth)!;
    const values = label.arity === 0 ? [] : state.stack.slice(-label.arity);
    const stack = [...state.stack.slice(0, label.height), ...values];
    label.arrived = join(label.arrived, { ...state, stack });
  }

  private call(instruction: Instruction, before: State): State | null {
    const isDirect = instruction.opcode === Op.CALL;
    const takes = isDirect ? this.around.parameters(instruction.a) : instruction.takes + 1;
    const { state, popped } = pop(before, takes);
    const { cost, result, returns } = this.around.call(instruction, popped);
    return pushed(paid(state, cost), returns === 1 ? [result] : Array<Known>(returns).fill(undefined));
  }

  private plain(instruction: Instruction, before: State): State {
    const { opcode, a } = instruction;
    switch (opcode) {
      case Op.LOCAL_GET:
        return pushed(before, [before.locals[a]]);
      case Op.LOCAL_SET: {
        const { state, popped } = pop(before, 1);
        return { ...state, locals: state.locals.with(a, popped[0]) };
      }
      case Op.LOCAL_TEE:
        return { ...before, locals: before.locals.with(a, before.stack.at(-1)) };
      case Op.GLOBAL_GET:
        return pushed(before, [this.around.global(a)]);
      case Op.DROP:
      case Op.GLOBAL_SET:
        return pop(before, 1).state;
      case Op.I32_CONST:
        return pushed(before, [a | 0]);
      case Op.SELECT:
      case Op.SELECT_T: {
        const { state, popped } = pop(before, 3);
        const [first, second, condition] = popped;
        const either = first === second ? first : undefined;
        return pushed(state, [condition === undefined ? either : condition === 0 ? second : first]);
      }
      default: {
        const { state, popped } = pop(before, instruction.takes);
        const value = instruction.leaves === 1 ? known(opcode, popped) : undefined;
        return pushed(state, Array<Known>(instruction.leaves).fill(value));
      }
    }
  }
}

function paid(state: State, cost: number): State {
  return cost === 0 ? state : { ...state, cost: state.cost + cost, round: state.round + cost };
}

function pop(state: State, count: number): { readonly state: State; readonly popped: readonly Known[] } {
  if (count === 0) return { state, popped: [] };
  return { state: { ...state, stack: state.stack.slice(0, -count) }, popped: state.stack.slice(-count) };
}

function pushed(state: State, values: readonly Known[]): State {
  return values.length === 0 ? state : { ...state, stack: [...state.stack, ...values] };
}

/** What holds on either path, at the price of the dearer one. */
function join(x: State | null, y: State | null): State | null {
  if (x === null || y === null) return x ?? y;
  const agreed = (ours: readonly Known[], theirs: readonly Known[]): readonly Known[] =>
    ours.map((value, index) => (value === theirs[index] ? value : undefined));
  return {
    cost: Math.max(x.cost, y.cost),
    round: Math.max(x.round, y.round),
    locals: agreed(x.locals, y.locals),
    stack: agreed(x.stack, y.stack),
  };
}

function isSame(x: State, y: State): boolean {
  const equal = (ours: readonly Known[], theirs: readonly Known[]): boolean =>
    ours.length === theirs.length && ours.every((value, index) => value === theirs[index]);
  return equal(x.locals, y.locals) && equal(x.stack, y.stack);
}
