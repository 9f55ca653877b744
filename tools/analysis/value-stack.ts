/**
 * The operand stack of one function, counted in WAMR's 4-byte cells as its loader counts them, with the
 * constants that lie on it. A value whose bits are not known at build time is `UNKNOWN`.
 */

/** A value that no constant instruction gave. */
export const UNKNOWN = Number.NaN;

interface BlockFrame {
  /** Cells below the block. */
  base: number;
  /** Values below the block. */
  values: number;
  polymorphic: boolean;
  readonly loop: boolean;
  readonly params: readonly number[];
  readonly results: readonly number[];
}

/** Cells of a value of the type that `letter` stands for (`i`, `f`, `r` one; `I`, `F` two; `v` four). */
export function cellsOfLetter(letter: string): number {
  if (letter === "v") return 4;
  return letter === "I" || letter === "F" ? 2 : 1;
}

/** Cells of a value of `type`. References take one cell on a 32-bit host. */
export function cellsOfType(type: string): number {
  if (type === "i64" || type === "f64") return 2;
  return type === "v128" ? 4 : 1;
}

/** The operand stack at one place of a function, by the number of values. */
export class ValueStack {
  /** Most cells that lay on the stack at once. */
  maxCells = 0;
  /** Most blocks that were open at once, the body included. */
  maxBlocks = 0;
  /** Cells on the stack. */
  cells = 0;
  private widths: number[] = [];
  private constants: number[] = [];
  private blocks: BlockFrame[] = [];

  /** Begins a function whose results take `results` cells each. */
  enter(results: readonly number[]): void {
    this.maxCells = this.maxBlocks = this.cells = 0;
    this.widths = [];
    this.constants = [];
    this.blocks = [];
    this.openBlock([], results, false);
  }

  /** Whether every block, the body's too, was closed. */
  get finished(): boolean {
    return this.blocks.length === 0;
  }

  /** Values go onto the stack. */
  push(width: number, constant = UNKNOWN): void {
    this.widths.push(width);
    this.constants.push(constant);
    this.cells += width;
    if (this.cells > this.maxCells) this.maxCells = this.cells;
  }

  /**
   * Takes the top value and returns its constant. Code that cannot be reached finds an empty stack: UNKNOWN.
   */
  pop(): number {
    const block = this.blocks[this.blocks.length - 1]!;
    if (this.widths.length <= block.values) return UNKNOWN;
    this.cells -= this.widths.pop()!;
    return this.constants.pop()!;
  }

  /** Cells of the top value; 1 where code that cannot be reached has none. */
  get topWidth(): number {
    const block = this.blocks[this.blocks.length - 1]!;
    return this.widths.length > block.values ? this.widths[this.widths.length - 1]! : 1;
  }

  /** Values leave the stack. */
  popMany(count: number): void {
    for (let i = 0; i < count; i++) this.pop();
  }

  /** A block begins. */
  openBlock(params: readonly number[], results: readonly number[], loop: boolean): void {
    this.popMany(params.length);
    this.blocks.push({
      base: this.cells,
      values: this.widths.length,
      polymorphic: false,
      loop,
      params,
      results,
    });
    if (this.blocks.length > this.maxBlocks) this.maxBlocks = this.blocks.length;
    for (const width of params) this.push(width);
  }

  /** An `else` or a `catch`: the stack is as when the block was opened, with `values` on it. */
  restartBlock(values?: readonly number[]): void {
    const block = this.blocks[this.blocks.length - 1]!;
    if (block.polymorphic) this.settle(block, block.results);
    this.truncate(block);
    block.polymorphic = false;
    for (const width of values ?? block.params) this.push(width);
  }

  /** The innermost block ends. */
  closeBlock(): void {
    const block = this.blocks[this.blocks.length - 1]!;
    this.settle(block, block.results);
    this.blocks.pop();
  }

  /** A branch to the label `depth` that may be taken; the values for it stay. */
  branch(depth: number): void {
    const target = this.blocks[this.blocks.length - 1 - depth];
    const block = this.blocks[this.blocks.length - 1]!;
    if (!target || !block.polymorphic) return;
    const types = target.loop ? target.params : target.results;
    this.popMany(types.length);
    for (const width of types) this.push(width);
  }

  /** What follows is never reached. */
  stop(): void {
    const block = this.blocks[this.blocks.length - 1]!;
    this.truncate(block);
    block.polymorphic = true;
  }

  private settle(block: BlockFrame, types: readonly number[]): void {
    this.truncate(block);
    for (const width of types) this.push(width);
  }

  private truncate(block: BlockFrame): void {
    this.widths.length = block.values;
    this.constants.length = block.values;
    this.cells = block.base;
  }
}
