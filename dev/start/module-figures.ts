/** The guest's figures, from the report that `rill report` prints. */
import { analyse } from "../../tools/report/build-report.js";
import { loadInput } from "../../tools/report/load-input.js";
import type { ModuleFigures } from "./summary.js";

/** Reads the module at `corePath`. */
export async function moduleFigures(corePath: string): Promise<ModuleFigures> {
  const { report } = analyse(await loadInput(corePath, null), { sourceMap: null });
  return {
    strippedBytes: report.stripped_bytes,
    codeBytes: report.code_bytes,
    memoryBytes: report.linear_memory.used_bytes,
    cannotAllocate: report.allocation.verdict === "proven",
  };
}
