/** One canonical call of a run, as the trace shows it. */
export interface LoggedCall {
  /** Built-in or function, and what it was for: `stream.read \`x\``. */
  readonly name: string;
  /** What came of it, in words. */
  outcome: string;
  /** Site of the call. */
  readonly site: number;
  /** Index of the guest's line; 0 when it is not known. */
  readonly line: number;
}
