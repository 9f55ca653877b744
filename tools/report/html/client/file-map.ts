/** The map of the file: by function or line, of all of it or of what ships. */
import type { WeightNode } from "../weight-tree.js";
import { treemapLayout } from "./layouts.js";
import type { PageData } from "../page-data.js";
import { addSearch } from "./map-search.js";
import { ZoomMap } from "./zoom-map.js";

/** Draws it in `host`, as what stands above it chooses. */
export function fileMap(host: HTMLElement, { authors, functions, sources }: PageData): ZoomMap {
  const trees: Readonly<Record<string, WeightNode | null>> = { authors, functions, sources };
  const chosen = (name: string): string | undefined =>
    document.querySelector<HTMLInputElement>(`input[name=${name}]:checked`)?.value;
  const tree = (): WeightNode => {
    const whole = trees[chosen("treemap-by") ?? "functions"] ?? functions!;
    return chosen("treemap-of") === "shipped" ? withoutCustom(whole) : whole;
  };
  const search = addSearch(host);
  const map = new ZoomMap(host, tree(), { unit: "bytes", layout: treemapLayout });
  search.of(map);
  for (const input of document.querySelectorAll("input[name=treemap-by], input[name=treemap-of]"))
    input.addEventListener("change", () => {
      map.replace(tree());
      search.again();
    });
  return map;
}

/** Custom sections stay behind when the module is flashed or sent. */
function withoutCustom(root: WeightNode): WeightNode {
  return { ...root, c: (root.c ?? []).filter(({ n, o }) => n !== "custom" && o !== "custom") };
}
