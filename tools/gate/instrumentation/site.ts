/** The places of an instrumented module that report to the gate. */

/** One load, store, call or loop of the module that was built. */
export interface Site {
  readonly kind: "load" | "store" | "copy" | "fill" | "grow" | "loop" | "call";
  /** `file:line:column` of the source, empty where the optimiser kept none. */
  readonly position: string;
  /**
   * The same, or where it is empty the first position inside, a variable's last: good enough to show, not to
   * judge by.
   */
  readonly near: string;
  /** The function that holds it. */
  readonly func: string;
  /** Loads and stores: the constant added to the address. */
  readonly offset: number;
  /** Loads and stores: bytes touched. */
  readonly byteLength: number;
  /** Loads: whether the value goes to memory as it is, by a store that was looked at just before. */
  copies: boolean;
  /** Calls: bytes that its frame takes in the spill area. */
  frameByteLength: number;
  /**
   * Calls: whether everything that the code after it depends on lies in memory, globals and the
   * spill area. At a call inside an expression that holds a computed value back, it does not, and
   * no state is taken for one seen before.
   */
  prunable: boolean;
}

/** Whether `site` is code of the guest library, not of the guest or of what bindgen wrote for it. */
export function isLibrary(site: Site): boolean {
  return site.position.startsWith("~lib/as-rill/");
}
