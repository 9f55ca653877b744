/** Imports and exports: what they stand for, and what their names cost. */
import type { CoreModule } from "../wasm/core-module.js";
import type { FunctionInfo } from "../wasm/function-space.js";
import { describeExport, describeImport } from "../wit/canonical-names.js";
import type { FunctionFacts } from "../analysis/function-facts.js";
import type { WitImports } from "../analysis/wit-imports.js";
import { capabilityOf } from "./capabilities.js";
import type { ImportSummary, ReportExport, ReportImport } from "./model.js";

/** Two one-letter names with their lengths. */
const SHORTEST_NAMES_BYTES = 4;

/** The imports of `module`. */
export function summarizeImports(
  module: CoreModule,
  functions: readonly FunctionInfo[],
  facts: readonly FunctionFacts[],
  wit: WitImports,
): ImportSummary {
  const sites = new Map<unknown, number>();
  for (const { calls } of facts) {
    for (const { callee } of calls) {
      const target = functions[callee]?.import;
      if (target) sites.set(target, (sites.get(target) ?? 0) + 1);
    }
  }
  const entries = module.imports.map<ReportImport>((entry) => ({
    module: entry.module,
    field: entry.field,
    kind: entry.kind,
    canonical: entry.kind === "func" ? describeImport(entry.module, entry.field) : null,
    bytes: entry.end - entry.start,
    name_bytes: entry.nameBytes,
    call_sites: sites.get(entry) ?? 0,
    ...capabilityOf(entry, module, wit),
  }));
  return {
    count: entries.length,
    bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
    name_bytes: entries.reduce((sum, { name_bytes }) => sum + name_bytes, 0),
    shortest_name_bytes: entries.length * SHORTEST_NAMES_BYTES,
    canonical_count: entries.filter(({ canonical }) => canonical !== null).length,
    entries,
  };
}

/** The exports of `module`. */
export function summarizeExports(module: CoreModule): ReportExport[] {
  return module.exports.map(({ name, kind, start, end, nameBytes }) => ({
    name,
    kind,
    canonical: describeExport(name),
    bytes: end - start,
    name_bytes: nameBytes,
  }));
}
