/** What a run came to; the fields of `rill run --json`, null where a host cannot tell. */
export interface RunFacts {
  readonly host: "v8" | "wamr" | "native";
  /** Items that the guest took from its stream parameters. */
  readonly items_in: number;
  /** Items that the guest wrote to its result stream. */
  readonly items_out: number;
  /** Executed memory.grows and calls of allocator functions. */
  readonly allocations: number | null;
  /** The guest's linear memory at the end: on V8 whole pages of 64 KiB. */
  readonly linear_memory_bytes: number | null;
  /** The guest's calls of its imports. */
  readonly host_calls: number | null;
  /** Why the guest trapped, and where. */
  readonly trap: string | null;
  /** The result as JSON, where it is no stream. */
  readonly result?: unknown;
  /** What came of each call, where there are several. */
  readonly calls?: readonly CallFacts[];
}

/** What came of a call. */
export interface CallFacts {
  /** As it was written. */
  readonly call: string;
  /** As JSON; absent where there is none, or it has a name. */
  readonly result?: unknown;
}

/** Told how far a run is. */
export type RunProgress = (itemsIn: number, itemsOut: number) => void;
