import type { StringEncoding } from "../../wit/string-encoding.js";
import { LinearMemory } from "./linear-memory.js";
import { Trap, trapIf, trapOnThrow } from "./trap.js";
import type { ValueType } from "../../wit/model.js";
import type { Value } from "./value.js";

/** The guest's allocator: `(oldPtr, oldByteLength, alignment, newByteLength)`, gives an address. */
export type Realloc = (
  oldPtr: number,
  oldByteLength: number,
  alignment: number,
  newByteLength: number,
) => number;

/** The canonical options that lifting and lowering need. */
export interface LiftLowerOptions {
  readonly encoding: StringEncoding;
  readonly memory: LinearMemory | null;
  readonly realloc: Realloc | null;
}

/** A type whose values are handles. */
export type HandleType = ValueType & {
  readonly kind: "own" | "borrow" | "stream" | "future" | "error-context";
};

/**
 * Who the handles in values belong to: what values need of an instance's tables and tasks, which need values.
 */
export interface HandleOwner {
  /**
   * Lifts a handle.
   * Traps: not in use, of another kind or type, lent, or an end that is not idle or is in a set
   */
  lift(handle: number, type: HandleType): Value;
  /** Lowers a handle into the table. @returns the handle; of a borrowed own resource, its representation */
  lower(value: Value, type: HandleType): number;
  /** Runs core code that may not call out. */
  withoutLeaving<R>(body: () => R): R;
}

/** The owner of values in which there is no handle. */
export const noHandles: HandleOwner = {
  lift: () => {
    throw new Error("a handle is lifted that belongs to no instance");
  },
  lower: () => {
    throw new Error("a handle is lowered for no instance");
  },
  withoutLeaving: (body) => body(),
};

/**
 * Whose values are lifted or lowered: the memory, the allocator, and the owner of the handles.
 *
 * Spec: CanonicalABI.md, "Lifting and Lowering Context"
 */
export class LiftLowerContext {
  constructor(
    readonly options: LiftLowerOptions,
    readonly handles: HandleOwner = noHandles,
  ) {}

  /** The guest's memory. Traps: it exports none */
  get memory(): LinearMemory {
    const { memory } = this.options;
    if (memory === null) throw new Trap("a value needs linear memory, but the guest exports no memory");
    return memory;
  }

  /** Traps unless `byteLength` bytes at `ptr` are aligned and inside the memory. `what` names them */
  checkRange(ptr: number, byteLength: number, alignment: number, what: string): void {
    trapIf(ptr % alignment !== 0, `${what}: address ${ptr} is not a multiple of ${alignment}`);
    trapIf(
      ptr + byteLength > this.memory.byteLength,
      `${what}: ${byteLength} bytes at ${ptr} end beyond the memory of ${this.memory.byteLength} bytes`,
    );
  }

  /**
   * Asks the guest's allocator for memory.
   * Traps: there is none; what it gives is misaligned or out of bounds
   */
  allocate(alignment: number, byteLength: number): number {
    const { realloc } = this.options;
    if (realloc === null)
      throw new Trap(`${byteLength} bytes are needed, but the guest exports no cabi_realloc`);
    const ptr =
      this.handles.withoutLeaving(() => trapOnThrow(() => realloc(0, 0, alignment, byteLength))) >>> 0;
    this.checkRange(ptr, byteLength, alignment, "cabi_realloc's result");
    return ptr;
  }
}
