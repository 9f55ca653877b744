/** What WAMR's classic interpreter would take and give with a smaller or a larger cache of blocks. */
import { UserError } from "../errors/user-error.js";
import { BLOCK_CACHE_PLACE, BLOCK_CACHE_SIZES, DEFAULT_BLOCK_CACHE } from "../pack/block-cache.js";
import { inTemporaryFolder } from "../processes/temporary-folder.js";
import { MOST_ITEMS } from "../run/item-bytes.js";
import { instructionsOfCall } from "../wamr/callgrind.js";
import type { WamrRun } from "../wamr/wamr-run.js";
import type { Analysis } from "./analysis.js";
import { wamrJob } from "./device-job.js";
import type { BlockCache, DeviceRam } from "./model.js";
import type { CallRequest } from "./run/plan-call.js";

/**
 * Each size with what an execution environment then takes, and the instructions of the call that
 * `request` describes, every copy ready: of this machine's processor, so that they say how the sizes
 * compare. Null where valgrind is missing.
 */
export function measureBlockCaches(
  analysis: Analysis,
  request: CallRequest,
  { exec_env_bytes: bytes }: DeviceRam,
): Promise<BlockCache[]> {
  return inTemporaryFolder("rill-block-caches-", async (folder) => {
    const job = await wamrJob(folder, analysis, request, MOST_ITEMS);
    const caches: BlockCache[] = [];
    for (const places of BLOCK_CACHE_SIZES) {
      caches.push({
        places,
        exec_env_bytes: bytes + BLOCK_CACHE_PLACE * (places - DEFAULT_BLOCK_CACHE),
        instructions: await instructionsWith(job, places),
      });
    }
    return caches;
  });
}

async function instructionsWith(job: WamrRun, blockCache: number): Promise<number | null> {
  try {
    // valgrind's own word length.
    return await instructionsOfCall({
      ...job,
      mode: "ready",
      variant: { interpreter: "classic", bits: 64, blockCache },
    });
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
