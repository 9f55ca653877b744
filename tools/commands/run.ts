/** `rill run CORE.wasm --call IFACE#FUNC`: feeds a guest from files and writes what it answers. */
import type { Command } from "commander";
import type { RunCommandFlags } from "../run/run-command.js";
import { withExamples } from "./examples.js";
import { wholeNumber } from "./number-option.js";
import {
  callOption,
  choiceOption,
  hostOption,
  importsOption,
  inOption,
  jsonOption,
  limitOption,
  outOption,
  stubOption,
  thenOption,
} from "./shared-options.js";

const details = `
Files hold the items of a stream by their extension: .bin (raw bytes in canonical layout), .u8 .u16le .s32le .f32le
and the like (raw numbers), .csv (a header with the field names) or .jsonl (an item a line). "-" is standard input or
output: raw bytes, unless --format says otherwise. Without --out a result goes to standard output as JSON lines.
A parameter that is no stream takes its value: JSON, or plain text for strings and labels; @FILE reads JSON from a file.
A stream may also be a topic (mqtt://HOST/TOPIC), a TCP connection (tcp://HOST:PORT, with ?listen for whoever connects)
or a serial line (serial:PATH@BAUD); docs/running.md has their options.
Items leave as they come. A file is replaced when the run is over; a signal that ends it keeps the items that had arrived.
A call is NAME(ARGUMENTS) or x = NAME(ARGUMENTS), where NAME is a function, a resource (its constructor), RESOURCE.STATIC
or x.METHOD; arguments are WAVE, names of results before, and names of --in. Results are told as WAVE, a line each.
--imports is a module whose default export has the functions by interface, as jco takes them:
{"my:gpio/board": { set(pin, on) {}, async waitFor(ms) {} }}. A guest that lacks some is told with what to write.
"drop x" ends a resource; what is left is dropped at the end of the run.
--then, once for each further guest, connects guests: the stream that one answers with goes into a parameter of the next.
--in is then for the first guest that has such a parameter, or with "N." in front for the guest N, counted from 1.
--limit ends each stream parameter after N items, or the result when the function has no stream parameter.`;

/** Adds the command. */
export function register(program: Command): void {
  const command = program
    .command("run")
    .description("run a function of a guest, its streams from and to files")
    .argument("<core.wasm>", "the core module")
    .argument("[calls...]", "calls with their arguments, one after the other, in one instance")
    .addOption(
      callOption("which exported function, when there are several: IFACE#FUNC, or FUNC of the world"),
    )
    .addOption(inOption("the file for a stream parameter, or the value of any other"))
    .addOption(outOption("where the result goes"))
    .addOption(thenOption())
    .addOption(importsOption("a JavaScript module with the functions that the guest imports"))
    .addOption(stubOption())
    .addOption(hostOption("what runs the guest", ["v8", "wamr", "native"]).default("v8"))
    .addOption(limitOption("stop after n items"))
    .option(
      "--timeout <seconds>",
      "end a run that takes longer, with what had come; the exit code is then 1",
      wholeNumber("--timeout", { of: "seconds", least: 1, most: 86_400 }),
    )
    .addOption(
      choiceOption("--format <form>", "the format of items on standard input and output", [
        "raw",
        "csv",
        "jsonl",
      ]),
    )
    .addOption(jsonOption("the outcome of the run"))
    .addHelpText("after", details)
    .action(async (path: string, calls: readonly string[], flags: RunCommandFlags) => {
      const { runRun } = await import("../run/run-command.js");
      await runRun(path, { ...flags, calls });
    });
  withExamples(
    command,
    "rill run build/filter.core.wasm --in samples=data/samples.csv",
    "rill run build/filter.core.wasm --in samples=data/samples.csv --out build/means.csv --limit 3",
    "rill run build/filter.core.wasm --in readings=data/samples.csv 'smooth(readings)' 'smooth([1, 2, 3])'",
  );
}
