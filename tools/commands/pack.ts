/** `rill pack CORE.wasm`: an image for a microcontroller's flash. */
import type { Command } from "commander";
import type { PackFlags } from "../pack/pack-command.js";
import { withExamples } from "./examples.js";
import {
  alsoOption,
  boardOption,
  callOption,
  choiceOption,
  cpuOption,
  heldEndsOption,
  jsonOption,
} from "./shared-options.js";

/** Adds the command. */
export function register(program: Command): void {
  const command = program
    .command("pack")
    .description(
      "make a guest's image for flash: checked, minified, with a header that says what it needs; or C",
    )
    .argument("<core.wasm>", "the core module that rill build wrote")
    .addOption(
      choiceOption(
        "--format <format>",
        "c is a C array, hex is Intel HEX, native the guest's code as C, native-image machine code",
        ["bin", "c", "hex", "uf2", "native", "native-image"],
      ).makeOptionMandatory(),
    )
    .requiredOption("-o, --output <file>", "the image to write; with native a folder")
    .option("--name <name>", "the guest's name, at most 8 characters (default: the file's)")
    .addOption(callOption("which exported function to start, IFACE#FUNC, when there are several"))
    .addOption(alsoOption())
    .addOption(boardOption("only for this board; its first image slot is the address"))
    .option("--address <address>", "flash address, for hex and uf2; the firmware refuses the image elsewhere")
    .option("--section <name>", "linker section of the C array")
    .option(
      "--family <name>",
      "board family of the uf2 file, a name like RP2040 or RP2350_ARM_S, or a number",
    )
    .option("--stack <bytes>", "operand stack to request instead of the computed one")
    .option("--pool <bytes>", "pool to request, more than the computed one")
    .option(
      "--piped <parameter>",
      "which parameter gets the stream of the image in front of it: both run in a row, where firmware has RILL_WITH_PIPES",
    )
    .addOption(heldEndsOption())
    .addOption(
      cpuOption(
        "native: the core whose stack NAME.h states; native-image: the one it is compiled for (default: the board's)",
      ),
    )
    .addOption(jsonOption("what was packed"))
    .action(async (core: string, flags: PackFlags) => {
      if (flags.format === "native") {
        const { runPackNative } = await import("../native/pack-native.js");
        await runPackNative(core, flags);
        return;
      }
      if (flags.format === "native-image") {
        const { runPackNativeImage } = await import("../native/pack-native-image.js");
        await runPackNativeImage(core, flags);
        return;
      }
      const { runPack } = await import("../pack/pack-command.js");
      await runPack(core, flags);
    });
  withExamples(
    command,
    "rill pack build/filter.core.wasm --format hex --board microbit -o build/filter.hex",
    "rill pack build/filter.core.wasm --format native -o build/filter-as-c",
    "rill pack build/filter.core.wasm --format native-image --board microbit -o build/filter.img",
  );
}
