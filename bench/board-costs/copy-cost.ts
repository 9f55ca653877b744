/** What a copy costs: the host's work for a stream.read or stream.write, with the wait for it. */
import { join } from "node:path";
import { buildGuest } from "../../tools/compile/build-guest.js";
import type { TimedCore } from "../../tools/boards/core-cycles.js";
import type { Firmware } from "../../tools/boards/firmware.js";
import { countCycles } from "../../tools/boards/instruction-trace.js";
import type { FeedPolicy } from "../../tools/boards/serial-link.js";
import type { Board } from "../../tools/pack/board-table.js";
import { packFile } from "../../tools/pack/pack-command.js";
import { packageRoot } from "../../tools/package-root.js";
import { temporaryFolder } from "../../tools/processes/temporary-folder.js";
import { workloads } from "../workloads.js";

const FEW = 30;
const MANY = 90;

/**
 * The most cycles of the core outside of the interpreter for one copy. `ecg` writes hardly ever, so what its
 * item costs is a read's; `double` and `imu` read and write, and what is left of theirs is a write's.
 */
export async function copyCost(board: Board, core: TimedCore, firmware: Firmware): Promise<number> {
  const { path: folder, remove } = temporaryFolder("rill-copy-cost-");
  try {
    let most = 0;
    const images = await Promise.all(["ecg", "double", "imu"].map((name) => imageOf(name, folder)));
    for (const policy of ["ready", "turns"] as const) {
      const [read, ...both] = await inOrder(images, (job) => perItem(board, core, firmware, job, policy));
      most = Math.max(most, read!, ...both.map((cost) => cost - read!), ...both.map((cost) => cost / 2));
    }
    return Math.ceil(most);
  } finally {
    remove();
  }
}

interface Job {
  readonly image: Uint8Array;
  readonly input: Uint8Array;
}

async function imageOf(name: string, folder: string): Promise<Job> {
  const { entry, wit, input } = workloads.find((workload) => workload.name === name)!;
  const { corePath } = await buildGuest({
    entry: join(packageRoot, entry),
    wit: join(packageRoot, wit),
    outDir: join(folder, name),
  });
  const { image } = await packFile(corePath, { name });
  return { image, input: input(2 * MANY) };
}

async function perItem(
  board: Board,
  core: TimedCore,
  firmware: Firmware,
  { image, input }: Job,
  policy: FeedPolicy,
): Promise<number> {
  const run = async (items: number): Promise<number> => {
    const { cycles } = await countCycles(core, firmware, {
      board,
      images: [{ address: board.images.start, bytes: image }],
      stream: () => input,
      timeout: 120_000,
      policy,
      rate: 0,
      items,
    });
    return cycles.call + cycles.host + cycles.library;
  };
  return ((await run(MANY)) - (await run(FEW))) / (MANY - FEW);
}

async function inOrder<T, R>(items: readonly T[], of: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await of(item));
  return results;
}
