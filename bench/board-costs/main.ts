/**
 * `npm run bench:costs`: what each class of wasm instructions takes a board's core, at most, measured with
 * code that the emulated board runs for each item; writes tools/boards/cost-tables.ts. What a block costs
 * is measured where the cache of blocks has forgotten it.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as prettier from "prettier";
import { buildFirmware } from "../../tools/boards/firmware.js";
import { COST_CLASSES, type CostClass } from "../../tools/boards/cost-class.js";
import type { TimedCore } from "../../tools/boards/core-cycles.js";
import { countCycles, type InstructionCounts } from "../../tools/boards/instruction-trace.js";
import type { FeedPolicy } from "../../tools/boards/serial-link.js";
import { type Board, BOARDS } from "../../tools/pack/board-table.js";
import { packageRoot } from "../../tools/package-root.js";
import { temporaryFolder } from "../../tools/processes/temporary-folder.js";
import { copyCost } from "./copy-cost.js";
import { type MicroImage, microImages } from "./micro-image.js";
import { PATTERNS } from "./patterns.js";

/** Times that a pattern is in the code: more than any cache of blocks has places. */
const COPIES = 24;
const FEW = 8;
const MANY = 24;

type Table = Record<CostClass, number>;

async function measured(board: Board, core: TimedCore, micro: MicroImage): Promise<Table> {
  const firmware = await buildFirmware(board);
  const perItem = async (image: Uint8Array, policy: FeedPolicy = "ready"): Promise<number> => {
    const run = async (items: number): Promise<number> => {
      const { cycles } = await countCycles(core, firmware, {
        board,
        images: [{ address: board.images.start, bytes: image }],
        stream: () => new Uint8Array(4000),
        timeout: 120_000,
        policy,
        rate: 0,
        items,
      });
      return guestPart(cycles);
    };
    return ((await run(MANY)) - (await run(FEW))) / (MANY - FEW);
  };
  const table = Object.fromEntries(COST_CLASSES.map((name) => [name, 0])) as Table;
  const bare = await perItem(micro(() => []));
  for (const { of, code, less, times = 1 } of PATTERNS) {
    const image = micro((places) => Array.from({ length: COPIES }, () => code(places)).flat());
    const all = ((await perItem(image)) - bare) / COPIES;
    const known = Object.entries(less).reduce((sum, [name, n]) => sum + n * table[name as CostClass], 0);
    const own = (all - known) / times;
    if (own <= 0) throw new Error(`${of} takes ${own} cycles: its pattern did not run on ${board.name}`);
    table[of] = Math.max(table[of], Math.ceil(own * 10) / 10);
    process.stderr.write(`${board.name} ${of}: ${own.toFixed(2)}\n`);
  }
  table.copy = await copyCost(board, core, firmware);
  return table;
}

/** What the host and the interrupts do meanwhile is not the instruction's. */
function guestPart({ interpreter, call, library }: InstructionCounts): number {
  return interpreter + call + library;
}

const { path: folder, remove } = temporaryFolder("rill-board-costs-");
try {
  const micro = await microImages(folder);
  const tables: Record<string, Table> = {};
  for (const board of BOARDS)
    if (board.cpu !== "cortex-m4") tables[board.name] = await measured(board, board.cpu, micro);
  const path = join(packageRoot, "tools", "boards", "cost-tables.ts");
  const text = `/** Written by \`npm run bench:costs\`: the most cycles that each class takes on a board. */
import type { CostTable } from "./cost-class.js";

/** By board; a board that is not here was not measured. */
export const COST_TABLES: Readonly<Record<string, CostTable>> = ${JSON.stringify(tables)};
`;
  const options = await prettier.resolveConfig(path);
  writeFileSync(path, await prettier.format(text, { ...options, filepath: path }));
} finally {
  remove();
}
