import { join } from "node:path";
import type { Command } from "commander";

interface Options {
  readonly world?: string;
  readonly output: string;
}

/** `rill bindgen WIT [--world W] -o DIR`. */
export function register(program: Command): void {
  program
    .command("bindgen")
    .description("write AssemblyScript bindings for a WIT world")
    .argument("<wit>", "a .wit file or the folder of a WIT package")
    .option("--world <name>", "the world, when the WIT has several")
    .requiredOption("-o, --output <dir>", "folder for the bindings")
    .action(async (wit: string, options: Options) => {
      const { resolveWorld } = await import("../wit/resolve.js");
      const { generateBindings } = await import("../bindgen/generate.js");
      const { writeFileWhole } = await import("../files/write-whole.js");
      const files = generateBindings(await resolveWorld(wit, options.world));
      for (const [name, text] of files) {
        const path = join(options.output, name);
        writeFileWhole(path, text);
        process.stdout.write(`${path}\n`);
      }
    });
}
