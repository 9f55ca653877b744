/** What of a guest is to be run on WAMR, and how. */
import type { Value } from "../host/values/value.js";
import type { FunctionType, World } from "../wit/model.js";
import type { DesktopVariant } from "./desktop-library.js";

/**
 * A parameter: a value; for a stream the path of its items' file (raw, in chunks, or a byte an item where
 * there is no element type: see run/main.c), for a future of a file with one; for one without element type
 * also how many items there are. A path `#N` is the descriptor N that the program is started with. Of guests
 * in a row one parameter is the stream of the guest before.
 */
export type WamrParameter =
  | { readonly value: Value }
  | { readonly path: string }
  | { readonly units: number }
  | { readonly piped: true };

/** A function of the guest's. */
export interface RunEntry {
  /** `IFACE#FUNC`, or what ends a resource. */
  readonly entry: string;
  readonly func: FunctionType;
  /** It goes back to its host while it waits. */
  readonly isCallback: boolean;
}

/** What to run. */
export interface WamrRun {
  /** Path of the core module. */
  readonly core: string;
  readonly world: World;
  /** `INTERFACE#FUNCTION`, as `rill run --call` has it; a function of the world itself goes without `#`. */
  readonly call: string;
  readonly params: readonly WamrParameter[];
  /**
   * Where the items of a stream or future in the result go, in the same forms;
   * needed when it has an element type.
   */
  readonly output?: string | undefined;
  /** Whether the stream that the guest answers with goes into the next guest. */
  readonly pipedOutput?: boolean;
  /** Takes the host with all that it can do, also when the guest needs less. */
  readonly whole?: boolean;
  /** Whether a trap's call stack is wanted: on the classic interpreter, whose code is the module's own. */
  readonly traced?: boolean;
  /** Items of the result after which the host drops its readable end. */
  readonly limit?: number | undefined;
  /**
   * `ready`: no copy of the guest's blocks, the whole input is lent and room for all output; `blocking`:
   * every copy blocks first. Without it items leave as they come.
   */
  readonly mode?: "ready" | "blocking";
  /** The descriptor, a socket, over which calls of imports are answered: see run/remote.h. */
  readonly imports?: number | undefined;
  /** The descriptor where the program tells how far its guests are: see run/rests.c. */
  readonly rests?: number | undefined;
  /** Functions that are called when it says so there, in place of `call`; they take and answer there, too. */
  readonly entries?: readonly RunEntry[];
  readonly variant?: DesktopVariant;
  /** Bytes for WAMR: runtime, module, instances, execution environment. */
  readonly poolBytes?: number;
  /** Bytes for the guest's own stack and frames. */
  readonly stackBytes?: number;
  /** Instances to make; the first one runs. */
  readonly instances?: number;
}
