/** `rill report CORE.wasm`: what a module costs, why, and what changed. */
import type { Command } from "commander";
import type { ReportFlags } from "../report/report-command.js";
import { withExamples } from "./examples.js";
import { wholeNumber } from "./number-option.js";
import {
  boardOption,
  callOption,
  choiceOption,
  cpuOption,
  importsOption,
  inOption,
  jsonOption,
  limitOption,
  noValidateOption,
  stubOption,
} from "./shared-options.js";

const coreNumber = wholeNumber("--core", { of: "core modules", most: 999 });

const diffCoreNumber = wholeNumber("--diff-core", { of: "core modules", most: 999 });

/** Adds the command. */
export function register(program: Command): void {
  const command = program
    .command("report")
    .description("size, memory, stack and allocation report of a core module")
    .argument("[core.wasm]", "the core module (or a component, with --core)")
    .addOption(jsonOption("the report"))
    .option("--markdown", "print the report as Markdown, for a pull request")
    .option("--html <file>", "write one self-contained HTML page")
    .option("--c-header <file>", "write the stack and memory figures as a C header")
    .option("--sbom <file>", "write the module's bill of materials, CycloneDX JSON")
    .option("--schema", "print the JSON Schema of --json")
    .option("--budget <file>", "check the figures against a budget file; exit 1 when one is exceeded")
    .option("--diff <old.wasm>", "show what changed since another build")
    .option(
      "--diff-core <n>",
      "the core module of that build when it is a component (else as --core)",
      diffCoreNumber,
    )
    .option("--diff-source-map <file>", "source map of that build, instead of the one beside it")
    .option("--source-url <url>", "link source lines, as https://github.com/O/R/blob/SHA/{file}#L{line}")
    .option("--trend <dir>", "show what became of the figures over the --json reports in a folder")
    .option("--core <n>", "report on core module number n of a component", coreNumber)
    .option("--source-map <file>", "source map to use instead of the one beside the module")
    .option("--no-source-map", "use no source map")
    .addOption(noValidateOption("print the figures of an invalid module, too"))
    .option("--all", "list everything; otherwise the text form shortens long lists")
    .addOption(
      choiceOption(
        "--device [interpreter]",
        "measure pool bytes by running on WAMR, 32 bit (default: classic); native: flash, RAM and stack as C",
        ["classic", "fast", "native"],
      ),
    )
    .addOption(cpuOption("with --device native: the core (default: cortex-m0)"))
    .addOption(boardOption("whether the guest fits that board, as rill fit says; exit 1 when not"))
    .option("--run", "run the guest and report instructions, host calls and allocations")
    .addOption(callOption("with --run or --device: the function, IFACE#FUNC"))
    .addOption(inOption("with --run or --device: a parameter, as for rill run"))
    .addOption(limitOption("with --run or --device: stop after n items in"))
    .addOption(importsOption("with --run: a JavaScript module with the functions that the guest imports"))
    .addOption(stubOption())
    .action(async (path: string | undefined, flags: ReportFlags) => {
      const { runReport } = await import("../report/report-command.js");
      await runReport(path, flags);
    });
  withExamples(
    command,
    "rill report build/filter.core.wasm",
    "rill report build/filter.core.wasm --html build/report.html --run --in samples=data/samples.csv",
  );
}
