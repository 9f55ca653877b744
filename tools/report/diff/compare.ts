/** What changed between two builds. */
import type { FunctionInfo } from "../../wasm/function-space.js";
import { costPerItem } from "../item-cost.js";
import type { Analysis } from "../analysis.js";
import type { FunctionChange, Report, ReportDiff, SectionChange } from "../model.js";
import { matchFunctions, type FunctionPair } from "./match-functions.js";

type Figure = readonly [name: string, of: (report: Report) => number | null];

const FIGURES: readonly Figure[] = [
  ["file bytes", (report) => report.file_bytes],
  ["without custom sections", (report) => report.stripped_bytes],
  ["code bytes", (report) => report.code_bytes],
  ["data bytes", (report) => report.data_bytes],
  ["functions", (report) => report.functions.length],
  ["instructions", (report) => report.functions.reduce((sum, { instructions }) => sum + instructions, 0)],
  ["imports", (report) => report.imports.count],
  ["import name bytes", (report) => report.imports.name_bytes],
  ["linear memory used", (report) => report.linear_memory.used_bytes],
  ["linear memory initial", (report) => report.linear_memory.initial_bytes],
  ["stack bytes", (report) => report.stack.stack_bytes],
  ["pool bytes", (report) => report.device?.pool_bytes ?? null],
  ["pool bytes of a further guest", (report) => report.device?.next_instance_bytes ?? null],
  ["instructions per item", ({ run }) => (run && costPerItem(run)?.instructions_per_item) ?? null],
  ["instructions per item, blocking", ({ run }) => run?.steady?.blocking.instructions_per_item ?? null],
  ["host calls per item", ({ run }) => (run && costPerItem(run)?.host_calls_per_item) ?? null],
  ["allocations per item", ({ run }) => run?.allocations.steady_per_item?.count ?? null],
];

/** Compares `now` with `old`. */
export function compareBuilds(old: Analysis, now: Analysis): ReportDiff {
  const before = old.report;
  const after = now.report;
  return {
    old_file: before.file,
    identical: before.sha256 === after.sha256,
    figures: FIGURES.flatMap(([name, of]) => {
      const [x, y] = [of(before), of(after)];
      return x === null || y === null ? [] : [{ name, before: x, after: y }];
    }),
    sections: sectionChanges(before, after),
    functions: changesOf(matchFunctions(old, now), old, now),
    imports: setChange(importNames(before), importNames(after)),
    exports: setChange(
      before.exports.map(({ name }) => name),
      after.exports.map(({ name }) => name),
    ),
    allocation: { before: before.allocation.verdict, after: after.allocation.verdict },
  };
}

/** All sections of both, those of one name together: custom sections may share one. */
function sectionChanges(before: Report, after: Report): SectionChange[] {
  const sizes = new Map<string, { before: number; after: number }>();
  for (const [report, when] of [
    [before, "before"],
    [after, "after"],
  ] as const)
    for (const { id, name, bytes } of report.sections) {
      const key = sectionName(id, name);
      const size = sizes.get(key) ?? { before: 0, after: 0 };
      size[when] += bytes;
      sizes.set(key, size);
    }
  return [...sizes].map(([name, size]) => ({ name, ...size }));
}

/** A custom section may be called like one of the others. */
function sectionName(id: number, name: string): string {
  return id === 0 ? `custom “${name}”` : name;
}

function changesOf(pairs: readonly FunctionPair[], old: Analysis, now: Analysis): FunctionChange[] {
  const sources = new Map(now.report.functions.map(({ index, source }) => [index, source]));
  const changes = pairs.flatMap<FunctionChange>((pair) => {
    if (pair.old && pair.now && sameCode(pair.old, old, pair.now, now)) return [];
    const before = lengthOf(pair.old);
    const after = lengthOf(pair.now);
    const known = (pair.now ?? pair.old)!;
    const renamed =
      pair.old && pair.now && pair.old.name !== pair.now.name && (pair.old.named || pair.now.named);
    return [
      {
        name: known.name,
        index: pair.now?.index ?? null,
        old_name: renamed ? pair.old!.name : null,
        change: pair.old === null ? "added" : pair.now === null ? "removed" : "changed",
        matched: pair.matched,
        before,
        after,
        source: pair.now ? (sources.get(pair.now.index) ?? null) : null,
      },
    ];
  });
  const size = ({ before, after }: FunctionChange): number => Math.abs(after - before);
  return changes.sort((x, y) => size(y) - size(x) || x.name.localeCompare(y.name));
}

function lengthOf(info: FunctionInfo | null): number {
  return info?.code ? info.code.end - info.code.start : 0;
}

/** Whether nothing changed but names: the bytes are equal, or (indices apart) the shapes were. */
function sameCode(x: FunctionInfo, old: Analysis, y: FunctionInfo, now: Analysis): boolean {
  const bytes = (info: FunctionInfo, analysis: Analysis): Uint8Array =>
    analysis.input.bytes.subarray(info.code!.body.start, info.code!.end);
  return x.name === y.name || !x.named || !y.named
    ? Buffer.compare(bytes(x, old), bytes(y, now)) === 0
    : false;
}

function importNames({ imports }: Report): string[] {
  return imports.entries.map(({ module, field }) => `${module} ${field}`);
}

function setChange(
  before: readonly string[],
  after: readonly string[],
): { added: string[]; removed: string[] } {
  const [old, now] = [new Set(before), new Set(after)];
  return {
    added: [...now].filter((name) => !old.has(name)),
    removed: [...old].filter((name) => !now.has(name)),
  };
}
