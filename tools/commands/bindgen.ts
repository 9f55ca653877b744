import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Command } from "commander";
import { visible } from "../errors/visible-text.js";
import { UserError } from "../errors/user-error.js";
import type { World } from "../wit/model.js";
import type { SideBySide } from "../bindgen/c/c-world.js";
import { withExamples } from "./examples.js";
import { wholeNumber } from "./number-option.js";
import { hostOption } from "./shared-options.js";
import { type WitOptions, featuresOf, withWitOptions } from "./wit-options.js";

interface Options extends WitOptions {
  readonly output: string;
  readonly skeleton?: string;
  readonly host?: "c";
  readonly callPlaces?: number;
  readonly tasks?: number;
}

/** The most calls of one function that may be under way at once. */
const MOST_CALLS = 1024;

/**
 * `rill bindgen WIT [--world W] [--features F] [--skeleton FILE | --host c [--call-places N] [--tasks N]]
 * -o DIR`.
 */
export function register(program: Command): void {
  const command = program
    .command("bindgen")
    .description("write AssemblyScript bindings for a WIT world, or C for the firmware around its guests")
    .argument("<wit>", "a .wit file or the folder of a WIT package");
  withWitOptions(command)
    .option(
      "--skeleton <file>",
      "also write a guest to start from: each exported function, with an empty body",
    )
    .addOption(
      hostOption("bindings for the other side: the firmware that runs a guest, in C", ["c"]).conflicts(
        "skeleton",
      ),
    )
    .option(
      "--call-places <count>",
      "with --host c: calls of each async function that the guest imports that may be under way at once, each with a number",
      wholeNumber("--call-places", { of: "calls", least: 1, most: MOST_CALLS }),
    )
    .option(
      "--tasks <count>",
      "with --host c: calls of the guest's async functions that go on side by side, as given to rill build",
      wholeNumber("--tasks", { of: "tasks", least: 1, most: MOST_CALLS }),
    )
    .requiredOption(
      "-o, --output <dir>",
      "folder for the bindings; rill build puts them where the guest imports them from, or in bindings/ beside it",
    )
    .action(async (wit: string, options: Options) => {
      const { resolveWorld } = await import("../wit/resolve.js");
      const { writeFileWhole } = await import("../files/write-whole.js");
      const odd = (["callPlaces", "tasks"] as const).find((name) => options[name] !== undefined);
      if (odd !== undefined && options.host === undefined)
        throw new UserError(
          `--${odd === "tasks" ? odd : "call-places"} is of bindings in C: add --host c; for a guest give it to rill build`,
        );
      const world = await resolveWorld(wit, options.world, featuresOf(options));
      const files =
        options.host === "c"
          ? await hostFiles(world, wit, { calls: options.callPlaces ?? null, tasks: options.tasks ?? null })
          : await guestFiles(world);
      const { skeleton } = options;
      if (skeleton !== undefined) await writeSkeleton(world, skeleton, options.output);
      for (const [name, text] of files) {
        const path = join(options.output, name);
        writeFileWhole(path, text);
        process.stdout.write(`${visible(path)}\n`);
      }
    });
  withExamples(
    command,
    "rill bindgen filter.wit -o bindings",
    "rill bindgen filter.wit --host c -o firmware",
  );
}

/** Bindings for a guest. */
async function guestFiles(world: World): Promise<ReadonlyMap<string, string>> {
  const { generateBindings } = await import("../bindgen/generate.js");
  return generateBindings(world);
}

/** Bindings for firmware in C. */
async function hostFiles(
  world: World,
  wit: string,
  sideBySide: SideBySide,
): Promise<ReadonlyMap<string, string>> {
  const { generateC } = await import("../bindgen/c/generate-c.js");
  const { readWitSource } = await import("../wit/wit-source.js");
  return generateC(world, readWitSource(wit), sideBySide);
}

/** @throws UserError when the file is there already: it may hold somebody's work */
async function writeSkeleton(world: World, path: string, bindings: string): Promise<void> {
  if (existsSync(path)) throw new UserError(`${path}: this file exists already; name another for --skeleton`);
  const { generateSkeleton } = await import("../bindgen/skeleton.js");
  const { writeFileWhole } = await import("../files/write-whole.js");
  const { importPath } = await import("../compile/bindings-folder.js");
  const folder = relative(dirname(path), bindings).replaceAll("\\", "/");
  writeFileWhole(path, generateSkeleton(world, importPath(folder === "" ? "." : folder)));
  process.stdout.write(`${visible(path)}\n`);
}
