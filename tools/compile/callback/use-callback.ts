/** The last part of a build: the optimiser, and how tasks wait. */
import type { ExportName } from "../link.js";
import { optimize } from "../optimize.js";
import type { LentArguments } from "../passes/promote-frame.js";
import { unwind } from "./asyncify.js";
import type { CallbackModule } from "./callback-module.js";
import { suspend } from "./suspend.js";

/**
 * Optimises a linked module and gives it the strategy `callback`.
 * @param exports the guest's, `[callback]` ones among them
 * @param framesMayMove see lent-arguments.ts
 */
export function optimizeForCallback(
  linked: string,
  exports: readonly ExportName[],
  lentArguments: LentArguments,
  framesMayMove: boolean,
): CallbackModule {
  let unused: readonly number[] = [];
  const text = optimize(linked, lentArguments, framesMayMove, (words) => (unused = words));
  if (!WAITS.some((name) => text.includes(JSON.stringify(name)))) return { text, stack: null };
  return suspend(text, exports, unused) ?? unwind(text, exports);
}

/** Built-ins that a task waits in. */
const WAITS = ["[waitable-set-wait]", "[thread-yield]"];
