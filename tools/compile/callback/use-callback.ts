/** The last part of a build: the optimiser, and how tasks wait. */
import type { ExportName } from "../link.js";
import { optimize } from "../optimize.js";
import type { LentArguments } from "../passes/promote-frame.js";
import { unwind } from "./asyncify.js";
import type { CallbackModule } from "./callback-module.js";
import { suspend } from "./suspend.js";

/**
 * Optimises a linked module and gives it the strategy `callback`.
 *
 * Words of the frame stay in memory where a task is left and entered again: as locals they would have to be
 * kept and brought back with each wait.
 * @param exports the guest's, `[callback]` ones among them
 * @param framesMayMove see lent-arguments.ts
 */
export function optimizeForCallback(
  linked: string,
  exports: readonly ExportName[],
  lentArguments: LentArguments,
  framesMayMove: boolean,
): CallbackModule {
  const waits = WAITS.some((name) => linked.includes(JSON.stringify(name)));
  const suspended = waits ? suspend(optimize(linked, lentArguments, false), exports) : null;
  if (suspended) return suspended;
  const text = optimize(linked, lentArguments, framesMayMove);
  return waits ? unwind(text, exports) : { text, stack: null };
}

/** Built-ins that a task waits in. */
const WAITS = ["[waitable-set-wait]", "[thread-yield]"];
