/** The trees that the page draws: bytes by function, bytes by source line, instructions by stack of calls. */
import { count } from "../forms/format.js";
import { ORIGIN_LABELS, ORIGINS, type Origin } from "../../source/origin.js";
import type { SourceFile } from "../../source/source-places.js";
import { authorName } from "../forms/author-name.js";
import type { FlameNode, Part, Report } from "../model.js";

/**
 * A node of a treemap or a flame graph. `w` is its own weight; children add
 * theirs. Short keys: there are thousands.
 */
export interface WeightNode {
  /** Name. */
  readonly n: string;
  /** Own weight, bytes or instructions. */
  readonly w?: number;
  /** The same in the build before, where two are compared. */
  readonly b?: number;
  /** What became of it since, where two are compared: it gives the colour there. */
  readonly k?: "grew" | "shrank" | "new" | "gone" | "same";
  /** Origin, which gives the colour. */
  readonly o?: Origin;
  /** Source, `file:line`. */
  readonly s?: string;
  readonly c?: readonly WeightNode[];
}

/** So many boxes side by side can be told apart; what is smaller shares one, which opens like any other. */
const MOST_SIBLINGS = 400;
const SEPARATOR = /\/|::/;

/** Bytes by section, origin and function of the module. */
export function functionTree(report: Report): WeightNode {
  const sources = new Map(report.functions.map(({ name, source }) => [name, source]));
  return rootOf(report, (parts) =>
    byOrigin(parts, (own) =>
      groupByPath(
        own.map((part) => ({
          path: part.name,
          node: leaf(part.name, part.bytes, part.origin, sources.get(part.name) ?? null),
        })),
      ),
    ),
  );
}

/** Bytes by section, origin, source file and the author's function. Null without names of such. */
export function authorTree(report: Report): WeightNode | null {
  if (report.sources.every(({ lines }) => lines.every((line) => line.function === null))) return null;
  return rootOf(report, () => [
    ...ORIGINS.flatMap((origin) => {
      const files = report.sources.filter((file) => file.origin === origin);
      if (files.length === 0) return [];
      const inner = files.map((file) => ({ n: file.file, o: origin, c: functionsOf(file) }));
      return [{ n: ORIGIN_LABELS[origin], o: origin, c: gatherSmall(inner) }];
    }),
    noLine(report),
  ]);
}

function functionsOf({ file, origin, lines }: SourceFile): WeightNode[] {
  const functions = new Map<string, { w: number; line: number }>();
  for (const { line, bytes, function: name } of lines) {
    const key = name ?? "outside of functions";
    const found = functions.get(key);
    if (found) found.w += bytes;
    else functions.set(key, { w: bytes, line });
  }
  return gatherSmall(
    [...functions].map(([n, { w, line }]): WeightNode => ({ n, w, o: origin, s: `${file}:${line}` })),
  );
}

function noLine({ source_map: map }: Report): WeightNode {
  return { n: "no source line", w: map.unmapped_code_bytes, o: "structure" };
}

/** Bytes by section, origin, source file and line. Null without a source map. */
export function sourceTree(report: Report): WeightNode | null {
  if (report.sources.length === 0) return null;
  return rootOf(report, () => [
    ...report.sources.map((file) => ({
      n: file.file,
      o: file.origin,
      c: file.lines.map(({ line, bytes, text }) => ({
        n: text?.trim() ? `${line}: ${text.trim().slice(0, 80)}` : `line ${line}`,
        w: bytes,
        o: file.origin,
        s: `${file.file}:${line}`,
      })),
    })),
    noLine(report),
  ]);
}

/** Instructions by stack of calls. */
export function flameTree(node: FlameNode): WeightNode {
  return {
    n: node.name,
    w: node.self,
    o: node.origin,
    ...(node.source ? { s: node.source } : {}),
    ...(node.children.length > 0 ? { c: node.children.map(flameTree) } : {}),
  };
}

function rootOf(report: Report, codeOf: (parts: readonly Part[]) => WeightNode[]): WeightNode {
  const labels = labelsOf(report);
  const sections = new Map<string, Part[]>();
  for (const part of report.parts) {
    const list = sections.get(part.section);
    if (list) list.push(part);
    else sections.set(part.section, [part]);
  }
  const children = [...sections].map(([name, parts]) => {
    const own = parts.filter(({ origin }) => name === "code" && origin === "structure");
    const rest = name === "code" ? parts.filter(({ origin }) => origin !== "structure") : parts;
    const inner =
      name === "code"
        ? [...codeOf(rest), ...own.map(leafOf)]
        : mergeEntries(rest).map((part) => entryLeaf(part, labels));
    return inner.length === 1
      ? { ...inner[0]!, n: name === "header" ? "magic and version" : name }
      : { n: name, c: inner };
  });
  return { n: report.file, c: children };
}

function byOrigin(parts: readonly Part[], inner: (parts: readonly Part[]) => WeightNode[]): WeightNode[] {
  const origins = [...new Set(parts.map(({ origin }) => origin))];
  return origins.map((origin) => ({
    n: ORIGIN_LABELS[origin],
    o: origin,
    c: inner(parts.filter((part) => part.origin === origin)),
  }));
}

/**
 * Groups names like `assembly/index/run` or `core::fmt::write` by their first part, where that makes groups.
 */
function groupByPath(leaves: readonly { readonly path: string; readonly node: WeightNode }[]): WeightNode[] {
  const groups = new Map<string, WeightNode[]>();
  for (const { path, node } of leaves) {
    const plain = path.startsWith("[") || path.startsWith("func[") || path.includes("#");
    const at = plain ? -1 : path.search(SEPARATOR);
    const key = at > 0 ? path.slice(0, at) : "";
    const list = groups.get(key);
    if (list) list.push(node);
    else groups.set(key, [node]);
  }
  if (groups.size < 2) return gatherSmall(leaves.map(({ node }) => node));
  return gatherSmall(
    [...groups].flatMap(([key, nodes]) =>
      key === "" || nodes.length < 2 ? nodes : [{ n: key, o: nodes[0]!.o!, c: gatherSmall(nodes) }],
    ),
  );
}

/** The largest of `nodes`, and the others by size in a node of their own. */
export function gatherSmall(nodes: readonly WeightNode[]): WeightNode[] {
  if (nodes.length <= MOST_SIBLINGS) return [...nodes];
  const weighed = nodes.map((node) => ({ node, weight: weightOf(node) })).sort((x, y) => y.weight - x.weight);
  const groups: WeightNode[] = [];
  for (let at = MOST_SIBLINGS; at < weighed.length; at += MOST_SIBLINGS) {
    const group = weighed.slice(at, at + MOST_SIBLINGS);
    const [most, least] = [group[0]!.weight, group.at(-1)!.weight];
    const range = most === least ? count(most) : `${count(most)} to ${count(least)}`;
    groups.push({ n: `of ${range}`, ...colourOf(group[0]!.node), c: group.map(({ node }) => node) });
  }
  const rest = {
    n: `${count(weighed.length - MOST_SIBLINGS)} smaller`,
    ...colourOf(groups[0]!),
    c: gatherSmall(groups),
  };
  return [...weighed.slice(0, MOST_SIBLINGS).map(({ node }) => node), rest];
}

function colourOf({ o }: WeightNode): Pick<WeightNode, "o"> {
  return o === undefined ? {} : { o };
}

/** By the greater of both builds, where two are compared. */
function weightOf({ w = 0, b = 0, c = [] }: WeightNode): number {
  return c.reduce((sum, child) => sum + weightOf(child), Math.max(w, b));
}

function leafOf({ name, bytes, origin }: Part): WeightNode {
  return leaf(name, bytes, origin, null);
}

/** A box by the name that a function's author gave it; the module's own name for it goes with its place. */
function leaf(name: string, bytes: number, origin: Origin, source: string | null): WeightNode {
  const own = authorName(name);
  const place = [own === name ? null : name, source].filter((text) => text !== null).join(", ");
  return { n: own, w: bytes, o: origin, ...(place === "" ? {} : { s: place }) };
}

/** One part for each entry: its name and the rest of it lie side by side in the file. */
function mergeEntries(parts: readonly Part[]): Part[] {
  const merged: Part[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (last?.name === part.name) merged[merged.length - 1] = { ...last, bytes: last.bytes + part.bytes };
    else merged.push(part);
  }
  return merged;
}

/** Canonical imports go by what they do; the name that the binary pays for is the source. */
function labelsOf({ imports, exports }: Report): ReadonlyMap<string, string> {
  const out = exports.flatMap(({ name, canonical }): [string, string][] => {
    const subject = name.slice(Math.max(name.lastIndexOf("#"), name.lastIndexOf("]")) + 1);
    return canonical === null || subject === name ? [] : [[name, `${canonical} ${subject}`.trim()]];
  });
  return new Map([
    ...out,
    ...imports.entries.flatMap(({ module, field, canonical }) => {
      const subject = field.slice(field.lastIndexOf("]") + 1);
      return canonical === null ? [] : [[`${module} ${field}`, `${canonical} ${subject}`.trim()] as const];
    }),
  ]);
}

function entryLeaf(part: Part, labels: ReadonlyMap<string, string>): WeightNode {
  const label = part.section === "import" || part.section === "export" ? labels.get(part.name) : undefined;
  return label ? { n: label, w: part.bytes, o: part.origin, s: part.name } : leafOf(part);
}
