/**
 * The flame graph: calls below their callers and, where the compiler inlined everything into one function,
 * the source files and lines that its instructions come from.
 */
import type { Analysis } from "../analysis.js";
import type { FlameNode } from "../model.js";
import { type Origin, originOfSource } from "../../source/origin.js";
import type { CallNode } from "./probe-host.js";
import type { LineCounts } from "./line-counts.js";

/** Draws the graph of a run of `call`. */
export function drawFlame(analysis: Analysis, root: CallNode, counts: LineCounts, call: string): FlameNode {
  const { report, functions } = analysis;
  const described = new Map(report.functions.map((entry) => [entry.index, entry]));
  const convert = (node: CallNode): FlameNode => {
    const entry = described.get(node.function);
    const lines = lineNodes(node, counts, analysis);
    return {
      name: node.function < 0 ? call : (functions[node.function]?.name ?? `func[${node.function}]`),
      source: entry?.source ?? null,
      origin: entry?.origin ?? "structure",
      self: lines.length > 0 ? 0 : node.self,
      children: [...[...node.children.values()].map(convert), ...lines],
    };
  };
  return convert(root);
}

/**
 * The function's own instructions by file and line. They are counted for the function, not for each way to
 * it, so a function that is called along several ways shares its lines out among them.
 */
function lineNodes(node: CallNode, counts: LineCounts, { map }: Analysis): FlameNode[] {
  const lines = counts.get(node.function);
  if (!lines || !map) return [];
  const all = [...lines.values()].reduce((sum, times) => sum + times, 0);
  const share = node.self / all;
  const files = new Map<string, FlameNode[]>();
  for (const [source, times] of lines) {
    const file = source === null ? "no source line" : source.slice(0, source.lastIndexOf(":"));
    const origin: Origin = source === null ? "structure" : originOfSource(file, map.path);
    const name = source === null ? "no source line" : `line ${source.slice(file.length + 1)}`;
    const leaf = { name, source, origin, self: times * share, children: [] };
    const list = files.get(file);
    if (list) list.push(leaf);
    else files.set(file, [leaf]);
  }
  return [...files].map(([file, children]) => ({
    name: file,
    source: file,
    origin: children[0]!.origin,
    self: 0,
    children,
  }));
}
