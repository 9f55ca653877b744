/** What the command line of `rill run` says. */
import type { ItemFormat } from "./formats/item-format.js";

/** Flags of the command. */
export interface RunFlags {
  /** Left out when the guest exports one function. */
  readonly call?: string;
  /** Calls with their arguments, one after the other, in place of `call`. */
  readonly calls?: readonly string[];
  readonly in: readonly string[];
  /** Guests that the stream of the one before goes into: `FILE`, or `FILE#FUNCTION`. */
  readonly then?: readonly string[];
  readonly out?: string;
  readonly host: string;
  readonly limit?: number;
  readonly format?: ItemFormat;
  readonly json?: boolean;
  /** Streams may come from and go to connections. */
  readonly connections?: boolean;
}
