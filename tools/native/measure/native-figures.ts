/** What a guest as C takes on a core. */

/** Bytes on a core; of the program, what serves the guest's imported functions is left out. */
export interface NativeFigures {
  readonly cpu: string;
  /** The compiler's name and version. */
  readonly compiler: string;
  readonly flags: string;
  /** Code and constants: guest, host and rings. */
  readonly flash_bytes: number;
  /** Of them, what comes of the guest's C alone. */
  readonly guest_flash_bytes: number;
  /** One instance: its memory, its globals, the host's books. */
  readonly instance_bytes: number;
  /** All variables: the instance, handles, streams, and what rings take without the items in them. */
  readonly ram_bytes: number;
  /** The deepest chain of calls, host included; null where it is open. */
  readonly stack_bytes: number | null;
  /** Its functions, the outermost first. */
  readonly stack_chain: readonly string[];
  /** What leaves it open. */
  readonly stack_open: string | null;
  /** Calls at once of functions that may call themselves; more trap. Null without such functions. */
  readonly counted_calls: number | null;
}
