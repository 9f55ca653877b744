import type { StringEncoding } from "../../wit/string-encoding.js";
import { LinearMemory } from "./linear-memory.js";
import { Trap, trapIf, trapOnThrow } from "./trap.js";
import type { ComponentInstance } from "../tasks/component-instance.js";
import type { Subtask } from "../tasks/subtask.js";
import type { Task } from "../tasks/task.js";

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

/**
 * Whose values are lifted or lowered: the memory, the allocator, the handle table, and the call that borrowed
 * handles belong to (a task for the guest's exports, a subtask for its imports).
 *
 * Spec: CanonicalABI.md, "Lifting and Lowering Context"
 */
export class LiftLowerContext {
  constructor(
    readonly options: LiftLowerOptions,
    readonly instance: ComponentInstance,
    readonly borrowScope: Task | Subtask | null = null,
  ) {}

  /** The guest's memory. Traps: it exports none */
  get memory(): LinearMemory {
    const { memory } = this.options;
    if (memory === null) throw new Trap("a value needs linear memory, but the guest exports no memory");
    return memory;
  }

  /** Traps unless `byteLength` bytes at `ptr` are aligned and inside the memory. `what` names them */
  checkRange(ptr: number, byteLength: number, alignment: number, what: string): void {
    trapIf(ptr % alignment !== 0, `${what}: address ${ptr} is no multiple of ${alignment}`);
    trapIf(
      ptr + byteLength > this.memory.byteLength,
      `${what}: ${byteLength} bytes at ${ptr} end beyond the memory of ${this.memory.byteLength} bytes`,
    );
  }

  /** Asks the guest's allocator for memory. Traps: there is none; what it gives is misaligned or out of bounds */
  allocate(alignment: number, byteLength: number): number {
    const { realloc } = this.options;
    if (realloc === null)
      throw new Trap(`${byteLength} bytes are needed, but the guest exports no cabi_realloc`);
    const ptr =
      this.instance.withoutLeaving(() => trapOnThrow(() => realloc(0, 0, alignment, byteLength))) >>> 0;
    this.checkRange(ptr, byteLength, alignment, "cabi_realloc's result");
    return ptr;
  }
}
