/**
 * Instructions of this machine's processor for each item of a guest on WAMR, or on what else runs
 * it, counted by
 * valgrind's callgrind: the same every time.
 */
import { UserError } from "../errors/user-error.js";
import { valgrind } from "../setup/programs.js";
import { run } from "../setup/run.js";
import { isMissing } from "../setup/tool.js";
import { type PreparedRun, prepareWamrRun } from "./run-program.js";
import type { WamrRun } from "./wamr-run.js";

/** Gets a run ready. */
type Prepare = (job: WamrRun) => Promise<PreparedRun>;

/**
 * Instructions for one item: the difference of two runs by the difference of their items, so that
 * what a run
 * costs at its start and end is not in it.
 * @param jobs two runs of one guest, the second with more items
 * @param items how many items the second has more
 * @param prepare what runs them
 */
export async function instructionsPerItem(
  jobs: readonly [WamrRun, WamrRun],
  items: number,
  prepare: Prepare = prepareWamrRun,
): Promise<number> {
  const [few, many] = [await instructions(jobs[0], prepare), await instructions(jobs[1], prepare)];
  return (many - few) / items;
}

/**
 * Instructions of the guest's call alone, of rill-run's `call_guest`.
 * @throws UserError when valgrind is missing or the run fails
 */
export function instructionsOfCall(job: WamrRun): Promise<number> {
  return instructions(job, prepareWamrRun, ["--toggle-collect=call_guest"]);
}

/** Instructions of a whole run. @throws UserError when valgrind is missing or the run fails */
async function instructions(
  job: WamrRun,
  prepare: Prepare,
  options: readonly string[] = [],
): Promise<number> {
  const tool = await valgrind();
  if (isMissing(tool)) throw new UserError(`${tool.missing} is not installed; type: ${tool.how}`);
  const prepared = await prepare(job);
  try {
    const { code, output } = await run(tool.path, [
      "--tool=callgrind",
      "--callgrind-out-file=/dev/null",
      ...options,
      ...prepared.command,
    ]);
    const match = /Collected : (\d+)/.exec(output);
    if (code !== 0 || !match) throw new UserError(`valgrind failed: ${output.trim()}`);
    return Number(match[1]);
  } finally {
    prepared.remove();
  }
}
