/** What it is to stream the recording through the guest, whatever the host. */
import type { Beat } from "./beat.js";
import type { Progress } from "./progress.js";

/** The guest's function. */
export const BEATS = "rill:ecg/detector#beats";

/** The guest and what it is fed with. */
export interface EcgInput {
  readonly corePath: string;
  readonly samples: Uint16Array;
  readonly progress: Progress;
}

/** What came of it. */
export interface EcgRun {
  /** The host, as a reader knows it. */
  readonly host: string;
  readonly beats: readonly Beat[];
  readonly seconds: number;
}

/** What a build of the guest with counters in it tells; it runs on V8. */
export interface EcgCounts {
  /** Allocations by the guest: calls of allocators and executed `memory.grow`s. */
  readonly allocations: number;
  /** WebAssembly instructions that the guest executed. */
  readonly instructions: number;
  /** Calls from the guest to its host. */
  readonly hostCalls: number;
}
