/** What both builds hold, in one tree: each box with its bytes before and after. */
import type { FunctionChange, Report, ReportDiff } from "../model.js";
import { gatherSmall, type WeightNode } from "./weight-tree.js";

/** The tree of a comparison; null for builds that are the same. */
export function changeTree(report: Report): WeightNode | null {
  const { diff } = report;
  if (diff === null || diff.identical) return null;
  const sections = diff.sections.map(({ name, before, after }) => {
    if (name !== "code") return leaf(name, before, after);
    const functions = functionLeaves(report, diff);
    const inside = (when: "b" | "w"): number => functions.reduce((sum, node) => sum + (node[when] ?? 0), 0);
    const rest = leaf("section header and count", before - inside("b"), after - inside("w"));
    return { n: name, c: [...gatherSmall(functions), rest] };
  });
  return { n: report.file, c: [leaf("magic and version", HEADER_BYTES, HEADER_BYTES), ...sections] };
}

const HEADER_BYTES = 8;

function functionLeaves({ functions }: Report, diff: ReportDiff): WeightNode[] {
  const changes = new Map<number, FunctionChange>();
  for (const change of diff.functions) if (change.index !== null) changes.set(change.index, change);
  const now = functions.map(({ index, name, bytes, source }) => {
    const change = changes.get(index);
    const title = change?.old_name ? `${change.old_name} → ${name}` : name;
    return leaf(title, change ? change.before : bytes, bytes, source);
  });
  const gone = diff.functions.filter(({ index }) => index === null);
  return [...now, ...gone.map(({ name, before }) => leaf(name, before, 0))];
}

function leaf(name: string, before: number, after: number, source: string | null = null): WeightNode {
  return {
    n: name,
    b: before,
    w: after,
    k: kindOf(before, after),
    ...(source === null ? {} : { s: source }),
  };
}

function kindOf(before: number, after: number): NonNullable<WeightNode["k"]> {
  if (before === after) return "same";
  if (before === 0) return "new";
  if (after === 0) return "gone";
  return after > before ? "grew" : "shrank";
}
