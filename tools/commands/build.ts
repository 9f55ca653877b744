import type { Command } from "commander";
import { visible } from "../errors/visible-text.js";
import type { WaitStrategy } from "../compile/guest-module.js";
import { requireCallback } from "../compile/task-count.js";
import { tellEnding } from "../errors/last-resort.js";
import { UserError } from "../errors/user-error.js";
import { wholeNumber } from "./number-option.js";
import { withExamples } from "./examples.js";
import {
  backpressureOption,
  callOption,
  inOption,
  limitOption,
  outOption,
  waitOption,
  witOption,
} from "./shared-options.js";
import { type WitOptions, featuresOf, withWitOptions } from "./wit-options.js";

interface Options extends WitOptions {
  readonly wit: string;
  readonly wait: WaitStrategy;
  readonly backpressure?: boolean;
  readonly component?: boolean;
  readonly arena?: number;
  readonly ends?: number;
  readonly callPlaces?: number;
  readonly tasks?: number;
  readonly bindings: boolean;
  readonly output: string;
  readonly watch?: boolean;
  readonly run?: boolean;
  readonly call?: string;
  readonly in: string[];
  readonly out?: string;
  readonly limit?: number;
}

/**
 * `rill build ENTRY.ts --wit WIT [--world W] [--features F] [--wait wait|callback] [--backpressure] [--arena
 * BYTES] [--ends N] [--call-places N] [--tasks N] [--component] [--watch] [--run …] -o DIR`.
 */
export function register(program: Command): void {
  const command = program
    .command("build")
    .description("build a guest: NAME.core.wasm for interpreters, with --component also NAME.component.wasm")
    .argument("<entry>", "the guest's AssemblyScript file")
    .addOption(witOption());
  withWitOptions(command)
    .addOption(waitOption("how a task waits").argParser(waitStrategy).default("wait"))
    .addOption(
      backpressureOption(
        "a task has the host hold back further calls, or take another instance for them, as wasmtime serve does",
      ),
    )
    .option(
      "--arena <bytes>",
      "bytes of each region of the arena, for worlds with strings or lists",
      arenaBytes,
    )
    .option(
      "--ends <count>",
      "streams and futures inside values that may be open at once, per type and direction",
      endPlaces,
    )
    .option(
      "--call-places <count>",
      "calls of each imported async function that may be open side by side",
      callPlaces,
    )
    .option(
      "--tasks <count>",
      "with --wait callback: tasks of one instance that may be at work at once",
      tasks,
    )
    .option("--component", "also write a standard WASI 0.3 component")
    .option(
      "--no-bindings",
      "do not write bindings; by default they go to bindings/ beside the entry, for editors",
    )
    .requiredOption("-o, --output <dir>", "folder for the files")
    .option("--watch", "stay, and build again when a file that the build has read changes")
    .option("--run", "run the guest on V8 after each build, as rill run does")
    .addOption(callOption("with --run: which exported function, when there are several"))
    .addOption(inOption("with --run: the file of a stream parameter, or the value of another"))
    .addOption(outOption("with --run: where the result goes"))
    .addOption(limitOption("with --run: stop after n items"))
    .action(async (entry: string, options: Options) => {
      requireRun(options);
      if (!options.watch) {
        await buildAndRun(entry, options);
        return;
      }
      const { watchBuild } = await import("../compile/watch.js");
      await watchBuild([entry, options.wit], async (onRead) => {
        try {
          await buildAndRun(entry, options, onRead);
        } catch (error) {
          tellEnding(error, process.argv.slice(2));
        }
        process.stderr.write("rill: waiting for a change\n");
      });
    });
  withExamples(command, "rill build filter.ts --wit filter.wit --component -o build");
}

async function buildAndRun(entry: string, options: Options, onRead?: (path: string) => void): Promise<void> {
  const { buildGuest } = await import("../compile/build-guest.js");
  const { wit, world, wait, backpressure, component, arena, ends, callPlaces, bindings, output } = options;
  requireCallback(wait, options.tasks);
  const source = {
    entry,
    wit,
    world,
    features: featuresOf(options),
    asked: { arenaBytes: arena, endPlaces: ends, callPlaces },
  };
  const built = await buildGuest({
    ...source,
    component,
    arenaBytes: arena,
    endPlaces: ends,
    callPlaces,
    tasks: options.tasks,
    wait,
    backpressure,
    bindings,
    outDir: output,
    onRead,
  });
  if (built.bindingsRefused !== null)
    process.stderr.write(
      `rill: note: ${visible(built.bindingsRefused)}; built without bindings (--no-bindings does so without a note)\n`,
    );
  for (const loop of built.waitingLoops)
    process.stderr.write(
      `rill: note: ${visible(loop)}: this loop does nothing but poll: it is built to wait, as with waitAny, until one of what it polls has settled\n`,
    );
  if (built.unheard.length > 0)
    process.stderr.write(
      `rill: note: ${entry}: ${visible(built.unheard.join(", "))}: a caller that cancels while this waits for something before its answer is not heard; --wait callback hears it\n`,
    );
  // With --run the guest's items go to standard output.
  const tell = options.run ? process.stderr : process.stdout;
  tell.write(`${visible(built.corePath)}\n`);
  if (built.componentPath) tell.write(`${visible(built.componentPath)}\n`);
  if (!options.run) return;
  const { runRun } = await import("../run/run-command.js");
  await runRun(built.corePath, { ...options, host: "v8" });
}

/** @throws UserError for an option of a run where nothing runs */
function requireRun({ run, call, in: given, out, limit }: Options): void {
  if (run) return;
  const flags = { "--call": call, "--in": given[0], "--out": out, "--limit": limit };
  const stray = Object.entries(flags).find(([, value]) => value !== undefined);
  if (stray) throw new UserError(`${stray[0]} goes with --run: without it the guest is not run`);
}

/** Ends of one type that `--ends` makes room for at most. */
const MOST_ENDS = 1024;

/** Reads `--ends`. @throws UserError for a number that is no count of places */
export const endPlaces = wholeNumber("--ends", { of: "places", least: 1, most: MOST_ENDS });

/** Reads `--call-places`. @throws UserError for a number that is no count of places */
export const callPlaces = wholeNumber("--call-places", { of: "places", least: 1, most: MOST_ENDS });

/** Bytes of the smallest region that `--arena` takes: a string of a few characters. */
const SMALLEST_ARENA = 32;
/** Bytes of the largest; a guest has at least two regions in its linear memory. */
const LARGEST_ARENA = 256 * 1024;

/** Reads `--arena`. @throws UserError for a number that is no region's size */
export function arenaBytes(text: string): number {
  const bytes = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  const fits = bytes >= SMALLEST_ARENA && bytes <= LARGEST_ARENA;
  if (Number.isInteger(bytes) && fits && bytes % 8 === 0) return bytes;
  throw new UserError(
    `--arena ${text}: give a multiple of 8 from ${SMALLEST_ARENA} to ${LARGEST_ARENA}, in bytes`,
  );
}

/** Reads `--wait`. @throws UserError for a strategy that there is not */
export function waitStrategy(wait: string): WaitStrategy {
  if (wait === "wait" || wait === "callback") return wait;
  throw new UserError(`--wait ${wait}: unknown way to wait (wait, callback)`);
}

/** The most tasks that an instance may have at once. */
const MOST_TASKS = 1024;

/** Reads `--tasks`. @throws UserError for a number that is no count of tasks */
export const tasks = wholeNumber("--tasks", { of: "tasks", least: 1, most: MOST_TASKS });
