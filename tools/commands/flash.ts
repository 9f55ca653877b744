/** `rill flash CORE.wasm --board NAME`: a guest on a microcontroller, emulated or real. */
import type { Command } from "commander";
import type { FlashFlags } from "../boards/flash-command.js";
import { withExamples } from "./examples.js";
import {
  boardOption,
  callOption,
  choiceOption,
  heldEndsOption,
  importsOption,
  inOption,
  jsonOption,
  limitOption,
  outOption,
  thenOption,
  stubOption,
} from "./shared-options.js";

const details = `
Emulated boards: lm3s811evb, microbit, hifive1, netduinoplus2, with --native also uno (QEMU). The guest runs at once;
its streams are fed from files and read back over the serial line, as rill run does with --in and --out. Functions that
the guest imports and the firmware lacks are answered by --imports or --stub, as with rill run. lm3s811evb runs
functions from streams to a stream alone, with --native any.
Real boards: --with says which tool writes the flash; its command is shown before it runs. --address is where the
firmware looks for images (for the boards above it is known).`;

/** Adds the command. */
export function register(program: Command): void {
  const command = program
    .command("flash")
    .description("put a guest on a board or its emulator, and run it")
    .argument("<core.wasm>", "the core module that rill build wrote")
    .argument(
      "[calls...]",
      "calls with their arguments, one after the other, in one instance, as with rill run",
    )
    .addOption(boardOption("the board; with --with the name of any other, too").makeOptionMandatory())
    .addOption(inOption("the file for a stream parameter, or the value of any other (emulated boards; rows)"))
    .addOption(outOption("where the result goes (emulated boards)"))
    .addOption(callOption("which exported function, IFACE#FUNC, when there are several"))
    .addOption(thenOption())
    .addOption(importsOption("emulated boards: functions that the guest imports and the firmware lacks"))
    .addOption(stubOption())
    .option("--native", "emulated boards: the guest as C in the firmware, without an interpreter")
    .option("--native-image", "the guest's machine code as an image, for a firmware that takes it")
    .option(
      "--rate <hertz>",
      "samples per second, fed by the board's timer interrupt; 0: as fast as possible",
    )
    .addOption(limitOption("stop after n items"))
    .addOption(heldEndsOption())
    .option("--timeout <seconds>", "give up after this time (default: 600)")
    .addOption(
      choiceOption("--with <tool>", "real boards: what writes the flash", [
        "probe-rs",
        "openocd",
        "esptool",
        "uf2",
      ]),
    )
    .option("--address <address>", "real boards: flash address of the image")
    .option("--chip <name>", "real boards: the tool's name of the chip")
    .option(
      "--interface <script>",
      "real boards with openocd: its script of the debug probe, like interface/stlink.cfg",
    )
    .option("--drive <folder>", "real boards with a UF2 bootloader: where the drive is mounted")
    .option("--family <name>", "real boards with a UF2 bootloader: the board family")
    .option("--firmware", "real boards named above: write the board's firmware together with the image")
    .option("--dry-run", "real boards: show the command, write nothing")
    .addOption(jsonOption("the outcome of the run"))
    .addHelpText("after", details)
    .action(async (core: string, calls: readonly string[], flags: FlashFlags) => {
      const { runFlash } = await import("../boards/flash-command.js");
      await runFlash(core, { ...flags, calls });
    });
  withExamples(
    command,
    "rill flash build/filter.core.wasm --board microbit --in samples=data/samples.csv --out build/means.csv",
  );
}
