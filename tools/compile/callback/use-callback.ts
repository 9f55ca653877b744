/** Strategy `callback`: which way a module takes, and several tasks at once. */
import { UserError } from "../../errors/user-error.js";
import type { ExportName } from "../link.js";
import { mayWait } from "../module-parts.js";
import { optimize, optimizeAgain, rewrite } from "../optimize.js";
import type { Range } from "../passes/escaping-addresses.js";
import type { LentArguments } from "../passes/promote-frame.js";
import { printForm } from "../passes/s-expression.js";
import { unwind } from "./asyncify.js";
import { forgetExpected } from "./expected-events.js";
import type { CallbackModule } from "./callback-module.js";
import { shareAnswers } from "./share-answers.js";
import { suspend, suspendTasks, type UnplacedTasks } from "./suspend.js";
import { placeBlocks, type TaskBlocks } from "./task-blocks.js";

/**
 * Gives an optimised module of strategy `wait` the strategy `callback`.
 * @param exports   the guest's, `[callback]` ones among them
 * @param freeWords addresses of words that have no other use
 */
export function useCallback(
  text: string,
  exports: readonly ExportName[],
  freeWords: readonly number[] = [],
): CallbackModule {
  if (!mayWait(text)) return { text, stack: null };
  return suspend(text, exports, freeWords) ?? unwind(rewrite(text, forgetExpected), exports);
}

/** A linked module whose tasks' memory lies apart, and where that ends. */
export interface LinkedTasks {
  readonly linked: string;
  readonly taskEnd: number;
}

/** How many tasks a guest is to have at once, and which of its globals are theirs. */
export interface TasksWanted {
  readonly tasks: number;
  /** Whether a global of this name, without its dollar sign, belongs to a task. */
  readonly ownsGlobal: (name: string) => boolean;
}

/**
 * Optimises a guest for several tasks at once.
 * @param modules the guest linked twice: with the memory of a task at each of TASK_BASES
 * @throws UserError when no function waits, or where tasks cannot be left
 */
export function optimizeForTasks(
  modules: readonly [LinkedTasks, LinkedTasks],
  { tasks, ownsGlobal }: TasksWanted,
  exports: readonly ExportName[],
  lentArguments: LentArguments,
  frames: readonly Range[] | null,
): { readonly text: string; readonly blocks: TaskBlocks } {
  const [first, second] = modules.map(({ linked, taskEnd }): UnplacedTasks => {
    const { text, freeWords } = optimize(linked, lentArguments, frames);
    if (!mayWait(text))
      throw new UserError(`--tasks ${tasks}: none of the guest's functions waits; leave it out`);
    const suspended = suspendTasks(text, exports, taskEnd, freeWords);
    if (suspended) return suspended;
    throw new UserError(
      `--tasks ${tasks}: a function that waits calls itself, is called through a reference, or is one that the ` +
        "host also calls as no task; write it as a loop or apart, or leave the option out",
    );
  });
  const { module, ...layout } = first!;
  const blocks = placeBlocks(module, second!.module, { ...layout, tasks, ownsGlobal });
  return { text: rewrite(optimizeAgain(printForm(module)), shareAnswers), blocks };
}
