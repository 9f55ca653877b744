/** What the bench measures of one guest. */

/** Figures of the guest on one of WAMR's interpreters. */
export interface InterpreterFigures {
  /**
   * Machine instructions of host and interpreter together for one item (callgrind), every copy ready at once.
   */
  readonly instructions_ready: number;
  /** The same, every copy answered BLOCKED first. */
  readonly instructions_blocking: number;
  /** Smallest pool in bytes that runs one guest, 32-bit. */
  readonly pool_bytes: number;
  /** Bytes of pool for each further guest. */
  readonly further_bytes: number;
}

/** Figures of the guest as C: machine instructions of host and guest together for one item, as of WAMR. */
export interface NativeFigures {
  readonly instructions_ready: number;
  readonly instructions_blocking: number;
}

/** One guest's row. Sizes are of the final core module, custom sections stripped. */
export interface Figures {
  readonly guest: string;
  readonly file_bytes: number;
  /** The code section with its header, as `rill report` counts. */
  readonly code_bytes: number;
  /** Linear memory that the guest uses: WAMR allocates this much. */
  readonly linear_memory_bytes: number;
  /** WebAssembly instructions executed in the guest for one item, every copy ready at once. */
  readonly instructions_ready: number;
  /** The same, every copy answered BLOCKED first. */
  readonly instructions_blocking: number;
  /** Calls of canonical built-ins for one item, every copy ready at once. */
  readonly host_calls_ready: number;
  /** The same, every copy answered BLOCKED first. */
  readonly host_calls_blocking: number;
  /** Allocations in the whole life of a task, its first call included. */
  readonly allocations: number;
  /** Null where this machine cannot build or measure WAMR. */
  readonly classic: InterpreterFigures | null;
  readonly fast: InterpreterFigures | null;
  /** Null where this machine cannot compile or measure it. */
  readonly native: NativeFigures | null;
}
