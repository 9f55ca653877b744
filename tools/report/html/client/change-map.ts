/** The map of two builds: one of them gives the areas, and each box says what became of it. */
import type { WeightNode } from "../weight-tree.js";
import { treemapLayout } from "./layouts.js";
import { format, type Node, ZoomMap } from "./zoom-map.js";

/** Draws it in `host`, by the build that is chosen above it. */
export function changeMap(host: HTMLElement, data: WeightNode): ZoomMap {
  let isBefore = false;
  const map = new ZoomMap(host, data, {
    unit: "bytes",
    layout: treemapLayout,
    weigh: ({ w = 0, b = 0 }) => (isBefore ? b : w),
    badge: (node) => badge(sumOf(node, "w") - sumOf(node, "b")),
    remark: (node) => `, ${remark(sumOf(node, "b"), sumOf(node, "w"))}`,
  });
  for (const input of document.querySelectorAll<HTMLInputElement>("input[name=change-map-of]"))
    input.addEventListener("change", () => {
      isBefore = input.value === "before";
      map.replace(data);
    });
  return map;
}

function sumOf(node: Node, when: "b" | "w"): number {
  return node.descendants().reduce((sum, { data }) => sum + (data[when] ?? 0), 0);
}

function badge(by: number): string {
  if (by === 0) return "";
  return by > 0 ? ` (+${format(by)})` : ` (−${format(-by)})`;
}

function remark(before: number, after: number): string {
  if (before === after) return "as long as before";
  if (before === 0) return "new";
  if (after === 0) return "gone";
  return `${after > before ? "grew" : "shrank"} from ${format(before)} to ${format(after)}`;
}
