/**
 * `npm run bench:costs -- [BOARD...]`: what each class of wasm instructions takes a board's core, at most,
 * measured with code that the emulated board runs for each item; writes tools/boards/cost-tables.ts, where
 * boards that are not named keep what they have. What a block costs is measured where the cache of blocks has
 * forgotten it. Instructions are counted, so what else the machine does changes no figure.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import * as prettier from "prettier";
import { buildFirmware } from "../../tools/boards/firmware.js";
import { COST_CLASSES, type CostClass, type CostTable } from "../../tools/boards/cost-class.js";
import { COST_TABLES } from "../../tools/boards/cost-tables.js";
import { type TimedCore, timedCore } from "../../tools/boards/core-cycles.js";
import { countCycles, type InstructionCounts } from "../../tools/boards/instruction-trace.js";
import type { FeedPolicy } from "../../tools/boards/serial-link.js";
import { type Board, BOARDS, findBoard } from "../../tools/pack/board-table.js";
import { UserError } from "../../tools/errors/user-error.js";
import { packageRoot } from "../../tools/package-root.js";
import { temporaryFolder } from "../../tools/processes/temporary-folder.js";
import { copyCost } from "./copy-cost.js";
import { type MicroImage, microImages } from "./micro-image.js";
import { PATTERNS } from "./patterns.js";

/** Times that a pattern is in the code, at least. */
const LEAST_COPIES = 24;
/** A cache of blocks has two ways for each place: of more blocks than that in a row it forgets each. */
const COPIES_A_PLACE = 3;
const FEW = 8;
const MANY = 24;

type Table = Record<CostClass, number>;

async function measured(board: Board, core: TimedCore, micro: MicroImage): Promise<Table> {
  const firmware = await buildFirmware(board);
  const copies = Math.max(LEAST_COPIES, COPIES_A_PLACE * board.blockCache);
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
    const image = micro((places) => Array.from({ length: copies }, () => code(places)).flat());
    const all = ((await perItem(image)) - bare) / copies;
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

const program = new Command("npm run bench:costs --")
  .description("Measures what classes of wasm instructions take the boards' cores; a board takes minutes")
  .argument("[boards...]", "the boards to measure; all when none is named")
  .option("--json", "print the tables and write nothing")
  .parse();
const chosen = program.args.length > 0 ? program.args.map(findBoard) : BOARDS.filter(timedCore);

const { path: folder, remove } = temporaryFolder("rill-board-costs-");
try {
  const micro = await microImages(folder);
  const tables: Record<string, CostTable> = { ...COST_TABLES };
  for (const board of chosen) {
    const core = timedCore(board);
    if (core === null) throw new UserError(`no table of times has ${board.cpu}, the core of ${board.name}`);
    tables[board.name] = await measured(board, core, micro);
  }
  if (program.opts<{ json?: boolean }>().json === true)
    process.stdout.write(`${JSON.stringify(tables, null, 2)}\n`);
  else await writeTables(tables);
} finally {
  remove();
}

async function writeTables(tables: Readonly<Record<string, CostTable>>): Promise<void> {
  const path = join(packageRoot, "tools", "boards", "cost-tables.ts");
  const text = `/** Written by \`npm run bench:costs\`: the most cycles that each class takes on a board. */
import type { CostTable } from "./cost-class.js";

/** By board; every one whose core has a table of times (core-cycles.ts). */
export const COST_TABLES: Readonly<Record<string, CostTable>> = ${JSON.stringify(tables)};
`;
  const options = await prettier.resolveConfig(path);
  writeFileSync(path, await prettier.format(text, { ...options, filepath: path }));
}
