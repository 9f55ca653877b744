/**
 * What an instrumented module tells the host that runs it. The instrumentation only appends: a table of
 * functions (so that no index moves), counters as globals, and their exports.
 */

/** A probe: its slot in the table and its parameters. */
export interface Probe {
  readonly slot: number;
  /** Binary value types. */
  readonly params: readonly number[];
}

const I32 = 0x7f;
const F64 = 0x7c;

/**
 * The probes; the host puts its functions into these slots, and until then a
 * function that does nothing is there.
 */
export const PROBES = {
  /** (function index, instructions so far): a function begins. */
  enter: { slot: 0, params: [I32, F64] },
  /** (instructions so far): it ends. */
  leave: { slot: 1, params: [F64] },
  /** (import's function index): the guest calls the host. */
  host: { slot: 2, params: [I32] },
  /** (byte of the file): the call of an allocator that comes next stands there. */
  site: { slot: 3, params: [I32] },
  /** (function index, bytes): an allocator was asked. */
  allocate: { slot: 4, params: [I32, I32] },
  /** (address): it answers. */
  allocated: { slot: 5, params: [I32] },
  /** (address): memory is given back. */
  free: { slot: 6, params: [I32] },
  /** (pointer's new value, byte of the file): a bump pointer was set. */
  bump: { slot: 7, params: [I32, I32] },
  /** (top's new value, byte of the file): the arena's next free byte moved. */
  arenaTop: { slot: 8, params: [I32, I32] },
  /** (current's new value, byte of the file): another region of the arena is the current one. */
  arenaCurrent: { slot: 9, params: [I32, I32] },
} as const satisfies Record<string, Probe>;

/** The name of a probe's import. */
export type ProbeName = keyof typeof PROBES;

/** Name of the exported table. */
export const PROBE_TABLE = "rill:probes";
/** Name of the exported count of all instructions, an f64. */
export const TOTAL_COUNTER = "rill:total";
/** Prefix of the exported counters of basic blocks, f64 each: how often block N ran. */
export const BLOCK_COUNTER = "rill:block ";
