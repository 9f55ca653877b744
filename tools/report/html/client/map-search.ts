/** Finds boxes of a map by name: marks them, and goes from one to the next with Enter. */
import { add, type Node, type ZoomMap, format } from "./zoom-map.js";

/** The search of one map. */
export interface MapSearch {
  /** Says which map is searched. */
  readonly of: (map: ZoomMap) => void;
  /** Searches again: the map shows other data. */
  readonly again: () => void;
}

/** Puts the field above the map that `host` will get. */
export function addSearch(host: HTMLElement): MapSearch {
  const line = add(host, "p", "filter find");
  const label = add(line, "label", "");
  label.textContent = "Find a box ";
  const input = add(label, "input", "") as HTMLInputElement;
  input.type = "search";
  const status = add(line, "span", "found-count");
  status.setAttribute("aria-live", "polite");
  let map: ZoomMap | null = null;
  let found: Node[] = [];
  let at = -1;
  const again = (): void => {
    if (!map) return;
    const text = input.value.trim().toLowerCase();
    found = text === "" ? [] : map.nodes().filter((node) => isNamed(node, text));
    at = -1;
    map.mark(new Set(found));
    status.textContent = text === "" ? "" : summary(found);
  };
  input.addEventListener("input", again);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !map || found.length === 0) return;
    event.preventDefault();
    at = (at + (event.shiftKey ? found.length - 1 : 1)) % found.length;
    map.show(found[at]!);
    status.textContent = `${at + 1} of ${found.length}: ${map.describe(found[at]!)}`;
  });
  return {
    of: (searched) => {
      map = searched;
    },
    again,
  };
}

/** By its name, or by the module's name and the source line that it stands for. */
function isNamed({ data, parent }: Node, text: string): boolean {
  return parent !== null && [data.n, data.s ?? ""].some((name) => name.toLowerCase().includes(text));
}

function summary(found: readonly Node[]): string {
  if (found.length === 0) return "no box has that name";
  const all = new Set(found);
  const outer = found.filter(
    (node) =>
      !node
        .ancestors()
        .slice(1)
        .some((above) => all.has(above)),
  );
  const bytes = outer.reduce((sum, { value = 0 }) => sum + value, 0);
  return `${format(found.length)} box${found.length === 1 ? "" : "es"}, ${format(bytes)} bytes; Enter goes to the next`;
}
