/** The optimiser, and then what a guest's way to wait makes of the module. */
import { raiseBackpressure } from "./backpressure.js";
import type { CallbackModule } from "./callback/callback-module.js";
import { useCallback } from "./callback/use-callback.js";
import type { ExportName } from "./link.js";
import { optimize, optimizeAgain } from "./optimize.js";
import type { Range } from "./passes/escaping-addresses.js";
import type { LentArguments } from "./passes/promote-frame.js";
import type { Strategy } from "./unanswered-waits.js";

/** What of a strategy shapes the module of one task at a time. */
export interface WaitingOptions extends Pick<Strategy, "wait"> {
  /** Whether a task raises backpressure while it lasts. */
  readonly backpressure?: boolean | undefined;
}

/**
 * @param exports the guest's, `[callback]` ones among them
 * @param frames see movable-frames.ts
 */
export function optimizeForStrategy(
  linked: string,
  exports: readonly ExportName[],
  lentArguments: LentArguments,
  frames: readonly Range[] | null,
  { wait, backpressure }: WaitingOptions,
): CallbackModule {
  const { text, freeWords } = optimize(linked, lentArguments, frames, true);
  if (wait === "callback") return useCallback(text, exports, freeWords);
  return { text: backpressure === true ? optimizeAgain(raiseBackpressure(text)) : text, stack: null };
}
