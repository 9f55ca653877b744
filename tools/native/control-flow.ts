/**
 * Blocks and branches: a block is a label behind it, a loop one before it, an `if` is C's own. What a branch
 * carries goes into variables that the label's code reads.
 */
import { FunctionScope } from "./function-scope.js";
import { atom, conditionOf, cType, type NumberType, type Value } from "./value.js";

/** What a block takes and leaves. */
export interface BlockShape {
  readonly params: readonly NumberType[];
  readonly results: readonly NumberType[];
}

type FrameKind = "function" | "block" | "loop" | "if" | "else";

interface Frame extends BlockShape {
  kind: FrameKind;
  readonly label: string;
  /** Pending values below it. */
  readonly height: number;
  /** Variables of what its results, or a loop's parameters, come in; made when first needed. */
  carriers: readonly string[] | null;
  /** An `if`'s parameters, for its `else`. */
  readonly given: readonly Value[];
  /** Where a loop's label stands. */
  labelLine: number;
  /** Branches that `goto` writes. */
  jumps: number;
  /** Whether the end of an `if`'s first branch is reached. */
  isThenReached: boolean;
}

/** The open blocks of a function. */
export class ControlFlow {
  private readonly frames: Frame[] = [];
  private labels = 0;
  /** Blocks opened in code that nothing reaches; null where code is reached. */
  private skipped: number | null = null;

  constructor(
    private readonly scope: FunctionScope,
    results: readonly NumberType[],
    /** Writes the function's end with these results. */
    private readonly leave: (values: readonly Value[]) => void,
  ) {
    this.open("function", { params: [], results }, []);
  }

  /** Whether the code that comes is reached. */
  get isReached(): boolean {
    return this.skipped === null;
  }

  /** Whether the function has ended. */
  get isOver(): boolean {
    return this.frames.length === 0;
  }

  /** Notes that what follows is not reached, up to the block's end. */
  stop(): void {
    this.skipped = 0;
    this.scope.stack.length = this.frames.at(-1)!.height;
  }

  /** A block opened where nothing is reached. */
  skipBlock(): void {
    this.skipped!++;
  }

  /** `block`, `loop`, `if`. */
  begin(kind: "block" | "loop" | "if", shape: BlockShape): void {
    const { scope } = this;
    const condition = kind === "if" ? conditionOf(scope.pop()) : "";
    scope.settleAll();
    const given = scope.popMany(shape.params.length);
    const frame = this.open(kind, shape, given);
    if (kind === "loop" && given.length > 0) this.carry(frame, shape.params, given);
    if (kind === "loop") frame.labelLine = scope.write("", 0);
    if (kind === "if") {
      scope.write(`if (${condition}) {`);
      scope.depth++;
    }
    if (kind === "loop" && given.length > 0) this.pushCarried(frame, shape.params);
    else scope.stack.push(...given);
  }

  private open(kind: FrameKind, shape: BlockShape, given: readonly Value[]): Frame {
    const frame: Frame = {
      ...shape,
      kind,
      label: `L${this.labels++}`,
      height: this.scope.stack.length,
      carriers: null,
      given,
      labelLine: -1,
      jumps: 0,
      isThenReached: false,
    };
    this.frames.push(frame);
    return frame;
  }

  /** `else`. */
  otherwise(): void {
    if (this.skipped !== null && this.skipped > 0) return;
    const { scope } = this;
    const frame = this.frames.at(-1)!;
    if (this.isReached) this.carryResults(frame);
    frame.isThenReached = this.isReached;
    this.skipped = null;
    frame.kind = "else";
    scope.write("} else {", scope.depth - 1);
    scope.stack.length = frame.height;
    scope.stack.push(...frame.given);
  }

  /** `end`. */
  end(): void {
    if (this.skipped !== null && this.skipped > 0) {
      this.skipped--;
      return;
    }
    const frame = this.frames.at(-1)!;
    if (frame.kind === "function") this.endFunction(frame);
    else if (frame.kind === "if" || frame.kind === "else") this.endIf(frame);
    else this.endBlock(frame);
    this.frames.pop();
  }

  private endFunction({ results }: Frame): void {
    if (this.isReached) this.leave(this.scope.popMany(results.length));
    this.skipped = null;
  }

  private endIf(frame: Frame): void {
    const { scope } = this;
    const { kind, results, given } = frame;
    const isReached = kind === "if" || frame.isThenReached || this.isReached || frame.jumps > 0;
    if (this.isReached) this.carryResults(frame);
    if (kind === "if" && results.length > 0) {
      scope.write("} else {", scope.depth - 1);
      this.carry(frame, results, given);
    }
    scope.depth--;
    scope.write("}");
    this.afterLabel(frame, isReached);
  }

  private endBlock(frame: Frame): void {
    const { scope } = this;
    if (frame.kind === "loop") {
      scope.lines[frame.labelLine] = frame.jumps > 0 ? `${frame.label}:;` : null;
      return;
    }
    if (frame.jumps === 0) return; // what is pending stays so
    if (this.isReached) this.carryResults(frame);
    this.dropJump(frame);
    this.afterLabel(frame, true);
  }

  /** A jump to the label right behind it is none. */
  private dropJump(frame: Frame): void {
    const { lines, depth } = this.scope;
    if (lines.at(-1) !== `${"    ".repeat(depth)}goto ${frame.label};`) return;
    lines.pop();
    frame.jumps--;
  }

  /** Writes the label, if something branches to it, and pushes what is carried there. */
  private afterLabel(frame: Frame, isReached: boolean): void {
    const { scope } = this;
    if (frame.jumps > 0) scope.write(`${frame.label}:;`, 0);
    this.skipped = isReached ? null : 0;
    scope.stack.length = frame.height;
    if (isReached) this.pushCarried(frame, frame.results);
  }

  private carryResults(frame: Frame): void {
    this.carry(frame, frame.results, this.scope.popMany(frame.results.length));
  }

  /** Assigns values to the frame's carriers. */
  private carry(frame: Frame, types: readonly NumberType[], values: readonly Value[]): void {
    const { scope } = this;
    frame.carriers ??= types.map((type) => scope.variable(cType(type)));
    // One after the other, an assignment could change what the next one reads.
    const ready = values.length > 1 ? values.map((value) => scope.settled(value)) : values;
    for (const [index, { text }] of ready.entries()) scope.write(`${frame.carriers[index]} = ${text};`);
  }

  private pushCarried(frame: Frame, types: readonly NumberType[]): void {
    frame.carriers ??= types.map((type) => this.scope.variable(cType(type)));
    for (const [index, type] of types.entries()) this.scope.stack.push(atom(type, frame.carriers[index]!));
  }

  /** `br`. */
  branch(depth: number): void {
    const frame = this.target(depth);
    const values = this.scope.popMany(arity(frame).length);
    this.scope.settleTraps();
    this.go(frame, values);
    this.stop();
  }

  /** `return`. */
  return(): void {
    this.branch(this.frames.length - 1);
  }

  /** `br_if`. */
  branchIf(depth: number): void {
    const { scope } = this;
    const frame = this.target(depth);
    const count = arity(frame).length;
    const popped = scope.pop();
    // A trap of the condition comes behind those of the values.
    const condition = conditionOf(popped);
    this.settleTop(count);
    scope.settleTraps();
    scope.write(`if (${condition}) {`);
    scope.depth++;
    this.go(frame, count === 0 ? [] : scope.stack.slice(-count));
    scope.depth--;
    scope.write("}");
  }

  /** `br_table`; the last label is the default. */
  branchTable(labels: readonly number[]): void {
    const { scope } = this;
    const index = scope.pop();
    const count = arity(this.target(labels.at(-1)!)).length;
    this.settleTop(count);
    scope.settleTraps();
    const values = scope.popMany(count);
    scope.write(`switch (${index.text}) {`);
    const places = new Map<number, number[]>();
    for (const [place, label] of labels.slice(0, -1).entries())
      if (label !== labels.at(-1)) places.set(label, [...(places.get(label) ?? []), place]);
    for (const [label, cases] of places) {
      for (const place of cases) scope.write(`case ${place}:`);
      this.goInCase(label, values);
    }
    scope.write("default:");
    this.goInCase(labels.at(-1)!, values);
    scope.write("}");
    this.stop();
  }

  private goInCase(label: number, values: readonly Value[]): void {
    this.scope.depth++;
    this.go(this.target(label), values);
    this.scope.depth--;
  }

  /** Computes the top values: they are used where the branch goes, and behind it. */
  private settleTop(count: number): void {
    const { length } = this.scope.stack;
    for (let index = length - count; index < length; index++) this.scope.settle(index);
  }

  private target(depth: number): Frame {
    return this.frames.at(-1 - depth)!;
  }

  private go(frame: Frame, values: readonly Value[]): void {
    if (frame.kind === "function") {
      this.leave(values);
      return;
    }
    frame.jumps++;
    this.carry(frame, arity(frame), values);
    this.scope.write(`goto ${frame.label};`);
  }
}

/** What a branch to the frame carries. */
function arity({ kind, params, results }: Frame): readonly NumberType[] {
  return kind === "loop" ? params : results;
}
