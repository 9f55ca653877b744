/**
 * `npm run judge`: WIT that nobody here wrote, through bindings, asc and wasm-tools: how much
 * of it passes, and why the rest does not.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { isMissing } from "../../tools/setup/tool.js";
import { wasmTools } from "../../tools/setup/wheels.js";
import { judgeFolder } from "./judge-folder.js";
import { PACKAGES, runSmith } from "./run-smith.js";
import { entryLines, isDefect, smithLines } from "./summary.js";
import { type Section, writeSection } from "./judges-page.js";

const program = new Command("npm run judge --")
  .description("Takes WIT through bindings, asc, `wasm-tools component new` and `validate --features all`")
  .option("--packages <count>", "packages of wasm-tools wit-smith", positive, PACKAGES)
  .option("--folder <path>", "judge each .wit file and package in a folder instead")
  .option("--docs", "write the result into docs/judges.md")
  .parse();
const { packages, folder, docs } = program.opts<{ packages: number; folder?: string; docs?: true }>();

function positive(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("not a number of packages.");
  return Number(text);
}

async function main(): Promise<number> {
  const tool = await wasmTools();
  if (isMissing(tool)) return complain(`${tool.missing}: ${tool.how}`);
  if (folder !== undefined && !existsSync(folder))
    return complain(`${folder}: no such folder; name one that holds .wit files or packages`);
  const scratch = mkdtempSync(join(tmpdir(), "rill-judge-"));
  try {
    return folder === undefined
      ? report("wit-smith", await runSmith(packages, { folder: scratch, wasmTools: tool.path }), smithLines)
      : report("folder", await judgeFolder(folder, join(scratch, "guest"), tool.path), entryLines);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function report<V extends Parameters<typeof isDefect>[0]>(
  section: Section,
  verdicts: readonly V[],
  linesOf: (verdicts: readonly V[]) => string[],
): number {
  const lines = linesOf(verdicts);
  process.stdout.write(`${lines.join("\n")}\n`);
  if (docs) writeSection(section, lines);
  const defects = verdicts.filter(isDefect);
  for (const { outcome, step, why } of defects)
    process.stderr.write(`neither passed nor a documented limit: ${outcome}, ${step}: ${why ?? ""}\n`);
  return defects.length > 0 ? 1 : 0;
}

function complain(message: string): number {
  process.stderr.write(`${message}\n`);
  return 2;
}

process.exitCode = await main();
