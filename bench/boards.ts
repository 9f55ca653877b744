/**
 * `npm run bench:boards`: double and ecg on each emulated board: RAM and flash, live guests,
 * instructions an item, what each byte of RAM is for. Fails when a figure breaks
 * bench/boards-budgets.json, or README.md's table is not today's.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Table from "cli-table3";
import { Command } from "commander";
import { moreForBlocks } from "../tools/pack/block-cache.js";
import { type Board, BOARDS, findBoard, NATIVE_BOARDS } from "../tools/pack/board-table.js";
import { buildGuest } from "../tools/compile/build-guest.js";
import { packageRoot } from "../tools/package-root.js";
import { temporaryFolder } from "../tools/processes/temporary-folder.js";
import { packFile } from "../tools/pack/pack-command.js";
import {
  type BoardFigures,
  type BoardJob,
  type InstructionFigures,
  liveGuests,
  measureBoard,
  measureInstructions,
  tooLarge,
} from "./boards-figures.js";
import { type RamUse, ramUse } from "./boards-ram.js";
import { measureNative, type NativeFigures } from "./native-figures.js";
import { isStale, writeBoardsTable } from "./boards-readme.js";
import { workloads } from "./workloads.js";

/** Items that the boards are fed: enough for the guests' deepest calls. */
const ITEMS = 2_000;
const GUESTS = ["double", "ecg"] as const;

type Budgets = Readonly<
  Record<string, Readonly<Record<string, { readonly most?: number; readonly least?: number }>>>
>;

const program = new Command("npm run bench:boards --")
  .description("Measures guests on the emulated boards and compares with bench/boards-budgets.json")
  .option("--json", "print the figures as one JSON document")
  .option("--update", "write README.md's table")
  .parse();
const { json = false, update = false } = program.opts<{ json?: boolean; update?: boolean }>();

const { path: folder, remove } = temporaryFolder("rill-bench-boards-");
try {
  const figures = await measureAll();
  const broken = excesses(figures.places);
  if (update) await writeBoardsTable(figures);
  const stale = await isStale(figures);
  process.stdout.write(
    json ? `${JSON.stringify({ ...figures, over_budget: broken }, null, 2)}\n` : tables(figures),
  );
  for (const line of broken) process.stderr.write(`over budget: ${line} (bench/boards-budgets.json)\n`);
  if (stale) process.stderr.write("README.md's table is not today's: npm run bench:boards -- --update\n");
  process.exitCode = broken.length === 0 && !stale ? 0 : 1;
} finally {
  remove();
}

interface All {
  readonly boards: readonly BoardFigures[];
  readonly live: Readonly<Record<string, number>>;
  readonly instructions: readonly InstructionFigures[];
  readonly in_flash: readonly BoardFigures[];
  /** Bytes of code too many for the board's flash when the wasm stays there. */
  readonly too_large_in_flash: Readonly<Record<string, number>>;
  readonly ram: readonly RamUse[];
  /** On boards without an interpreter. */
  readonly native: readonly NativeFigures[];
  /** Every figure with a budget, by place and name. */
  readonly places: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

async function measureAll(): Promise<All> {
  const boards: BoardFigures[] = [];
  const live: Record<string, number> = {};
  const instructions: InstructionFigures[] = [];
  const inFlash: BoardFigures[] = [];
  const noRoom: Record<string, number> = {};
  for (const board of BOARDS) {
    for (const guest of GUESTS) boards.push(await measureBoard(await job(board, guest)));
    const double = await job(board, "double");
    live[board.name] = await liveGuests(double);
    if (board.cpu !== "cortex-m4") instructions.push(await measureInstructions(double));
    const variant = { interpreter: "fast", loader: board.wamr.loader } as const;
    const excess = await tooLarge(board, { variant });
    if (excess === 0) inFlash.push(await measureBoard(double, { variant }));
    else noRoom[board.name] = excess;
  }
  const ram = await ramUse(await job(findBoard("lm3s811evb"), "double"));
  const native: NativeFigures[] = [];
  for (const board of NATIVE_BOARDS)
    for (const guest of GUESTS) native.push(await measureNative(board, guest, (await build(guest)).corePath));
  const places = byPlace(boards, live, instructions, native);
  return { boards, live, instructions, in_flash: inFlash, too_large_in_flash: noRoom, ram, native, places };
}

async function build(guest: string): Promise<{ readonly corePath: string; readonly input: Uint8Array }> {
  const { entry, wit, input } = workloads.find(({ name }) => name === guest)!;
  const { corePath } = await buildGuest({
    entry: join(packageRoot, entry),
    wit: join(packageRoot, wit),
    outDir: folder,
  });
  return { corePath, input: input(ITEMS) };
}

async function job(board: Board, guest: string): Promise<BoardJob> {
  const { corePath, input } = await build(guest);
  const { image, needs } = await packFile(corePath, { name: guest });
  return { board, guest, image, poolStated: needs.pool, input };
}

function byPlace(
  boards: readonly BoardFigures[],
  live: Readonly<Record<string, number>>,
  instructions: readonly InstructionFigures[],
  native: readonly NativeFigures[],
): All["places"] {
  const places: Record<string, Record<string, number>> = {};
  for (const { board, guest, flash_bytes, ram_bytes, stack_bytes } of native)
    places[`${board} ${guest}`] = { flash_bytes, ram_bytes, stack_bytes };
  for (const row of boards) {
    places[`${row.board} ${row.guest}`] = {
      image_bytes: row.image_bytes,
      flash_bytes: row.flash_bytes,
      ram_bytes: row.ram_bytes,
      stack_bytes: row.stack_bytes,
      pool_beyond_stated: row.pool_bytes - row.pool_stated - moreForBlocks(findBoard(row.board).blockCache),
    };
  }
  for (const [board, guests] of Object.entries(live)) places[`${board} double`]!.live_guests = guests;
  for (const { board, guest, ready, blocking } of instructions) {
    Object.assign(places[`${board} ${guest}`]!, {
      instructions_ready: ready,
      instructions_blocking: blocking,
    });
  }
  return places;
}

function excesses(places: All["places"]): string[] {
  const budgets = JSON.parse(
    readFileSync(join(packageRoot, "bench", "boards-budgets.json"), "utf8"),
  ) as Budgets;
  return Object.entries(budgets).flatMap(([place, limits]) =>
    Object.entries(limits).flatMap(([figure, { most = Infinity, least = -Infinity }]) => {
      const value = places[place]?.[figure] ?? Number.NaN;
      const limit = most === Infinity ? `at least ${least}` : `at most ${most}`;
      return value <= most && value >= least ? [] : [`${place}, ${figure}: ${value}, ${limit}`];
    }),
  );
}

function tables({ boards, live, instructions, ...rest }: All): string {
  const { in_flash: inFlash, too_large_in_flash: noRoom, ram, native } = rest;
  const cost = grid(
    ["board", "guest", "image", "flash", "RAM in all", "static", "pool", "stack"],
    boards.map((row) => costRow(row, row.guest)),
  );
  const natives = grid(
    ["board", "guest, as C", "flash", "RAM in all", "static", "stack"],
    native.map((row) => [
      row.board,
      row.guest,
      row.flash_bytes,
      row.ram_bytes,
      row.static_bytes,
      row.stack_bytes,
    ]),
  );
  const lives = grid(
    ["board", "live double guests, each with its own stream"],
    Object.entries(live).map(([board, guests]) => [board, guests]),
  );
  const counts = grid(
    ["board", "core", "an item, ready", "every copy blocking", "of ready: the host", "WAMR's way to it"],
    instructions.map(({ board, ready, blocking, host_share: host, call_share: call }) => [
      board,
      findBoard(board).cpu,
      ready,
      blocking,
      `${Math.round(100 * host)} %`,
      `${Math.round(100 * call)} %`,
    ]),
  );
  const places = grid(
    ["board", "double, wasm", "image", "flash", "RAM in all", "static", "pool", "stack"],
    boards
      .filter(({ guest }) => guest === "double")
      .flatMap((classic) => {
        const fast = inFlash.find(({ board }) => board === classic.board);
        const excess = `${noRoom[classic.board] ?? 0} too many`;
        return [
          costRow(classic, "copied to RAM (classic)"),
          fast === undefined
            ? [classic.board, "in flash (fast)", "", excess, "", "", "", ""]
            : costRow(fast, "in flash (fast)"),
        ];
      }),
  );
  const uses = grid(
    ["lm3s811evb, double: what RAM is for", "bytes"],
    [
      ...ram.map(({ what, bytes }) => [what, bytes]),
      ["in all", ram.reduce((sum, { bytes }) => sum + bytes, 0)],
    ],
  );
  return `${[cost, natives, lives, counts, places, uses].join("\n\n")}\n`;
}

function costRow(row: BoardFigures, label: string): (string | number)[] {
  const { board, image_bytes, flash_bytes, ram_bytes, static_bytes, pool_bytes, stack_bytes } = row;
  return [board, label, image_bytes, flash_bytes, ram_bytes, static_bytes, pool_bytes, stack_bytes];
}

function grid(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const table = new Table({ head: [...head], style: { head: [], border: [] } });
  table.push(
    ...rows.map((row) => row.map((cell) => (typeof cell === "number" ? cell.toLocaleString("en") : cell))),
  );
  return table.toString();
}
