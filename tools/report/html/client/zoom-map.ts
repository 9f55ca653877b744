/**
 * A chart of nested rectangles that one can walk and zoom: with the pointer, with the arrow keys, with a
 * screen reader. The treemap and the flame graph are two layouts of it.
 */
import type { HierarchyNode, HierarchyRectangularNode } from "d3-hierarchy";
import type { WeightNode } from "../weight-tree.js";

/** One box's data. */
export type Node = HierarchyNode<WeightNode>;
/** One box's place, in pixels. */
export type Box = HierarchyRectangularNode<WeightNode>;

/**
 * A way to lay out the subtree below `root` in `width` × `height` pixels;
 * `header` is room above the children.
 */
export interface Layout {
  readonly place: (root: Node, width: number, height: number) => Box;
  /** Pixels of height for `root` in a chart of `width`. */
  readonly height: (root: Node, width: number) => number;
  /** Whether the box is worth an element. */
  readonly visible: (box: Box) => boolean;
}

/** What a map draws, and what it says of a box. */
export interface Drawing {
  readonly unit: string;
  readonly layout: Layout;
  /** A node's own weight; its `w` where nothing else is said. */
  readonly weigh?: (data: WeightNode) => number;
  /** What to say of a box behind its weight. */
  readonly remark?: (node: Node) => string;
  /** What stands in a box behind its weight. */
  readonly badge?: (node: Node) => string;
}

const CLICK_HINT = "Enter zooms in, Escape zooms out, arrow keys move";

/** A treemap or flame graph that one can walk into. */
export class ZoomMap {
  private readonly canvas: HTMLElement;
  private readonly crumbs: HTMLElement;
  private readonly status: HTMLElement;
  private root: Node;
  private shown: Node;
  private focus: Node;
  private marked: ReadonlySet<Node> = new Set();
  private readonly elements = new Map<Node, HTMLElement>();

  constructor(
    host: HTMLElement,
    data: WeightNode,
    private readonly drawing: Drawing,
  ) {
    this.crumbs = add(host, "nav", "crumbs");
    const label = host.dataset["label"] ?? "chart";
    this.crumbs.setAttribute("aria-label", `${label}: zoomed to`);
    this.canvas = add(host, "div", "boxes");
    this.canvas.setAttribute("role", "tree");
    this.canvas.setAttribute("aria-label", label);
    this.status = add(host, "p", "status");
    this.status.setAttribute("aria-live", "polite");
    this.root = this.shown = this.focus = this.toHierarchy(data);
    this.listen();
    this.draw();
  }

  /** Shows other data. */
  replace(data: WeightNode): void {
    this.root = this.shown = this.focus = this.toHierarchy(data);
    this.draw();
  }

  /** Every node, larger ones first among siblings. */
  nodes(): Node[] {
    return this.root.descendants();
  }

  /** Marks these; where one is too small to be drawn, the smallest drawn box around it. */
  mark(nodes: ReadonlySet<Node>): void {
    this.marked = nodes;
    this.draw();
  }

  /** Zooms out or in so that `node` is drawn, and makes it the one that the keys start from. */
  show(node: Node): void {
    if (!this.elements.has(node)) this.shown = node.parent ?? node;
    this.focus = node;
    this.draw();
  }

  private toHierarchy(data: WeightNode): Node {
    const weigh = this.drawing.weigh ?? (({ w = 0 }: WeightNode) => w);
    return d3
      .hierarchy(data, (node) => node.c as WeightNode[] | undefined)
      .sum(weigh)
      .sort((x, y) => (y.value ?? 0) - (x.value ?? 0));
  }

  /** Lays out and draws again: after a change of width, or for printing. */
  draw(): void {
    const width = this.canvas.clientWidth;
    if (width === 0) return;
    const { layout } = this.drawing;
    const height = layout.height(this.shown, width);
    const placed = layout.place(this.shown, width, height);
    this.canvas.style.height = `${height}px`;
    this.elements.clear();
    const pieces = document.createDocumentFragment();
    // `place` copies the subtree, so its order tells which of our nodes a box is.
    const nodes = this.shown.descendants();
    placed.descendants().forEach((box, index) => {
      if (index > 0 && !layout.visible(box)) return;
      pieces.append(this.element(nodes[index]!, box));
    });
    for (const node of this.marked) this.drawnAround(node)?.classList.add("found");
    this.canvas.replaceChildren(pieces);
    this.drawCrumbs();
    if (!this.elements.has(this.focus)) this.focus = this.shown;
    this.elements.get(this.focus)?.setAttribute("tabindex", "0");
    this.tell(this.focus);
  }

  private drawnAround(node: Node): HTMLElement | undefined {
    const drawn = node.ancestors().find((each) => this.elements.has(each));
    return drawn && drawn !== this.shown ? this.elements.get(drawn) : undefined;
  }

  private element(node: Node, box: Box): HTMLElement {
    const element = document.createElement("div");
    const { n: name, o: origin, k: change } = node.data;
    element.className = node.children ? "box group" : "box";
    if (change === undefined) element.dataset["origin"] = origin ?? "structure";
    else element.dataset["change"] = change;
    element.setAttribute("role", "treeitem");
    element.setAttribute("aria-level", String(node.depth + 1));
    if (node.children) element.setAttribute("aria-expanded", "true");
    element.setAttribute("aria-label", this.describe(node));
    element.tabIndex = -1;
    const width = box.x1 - box.x0;
    const height = box.y1 - box.y0;
    element.style.cssText = `left:${box.x0.toFixed(1)}px;top:${box.y0.toFixed(1)}px;width:${width.toFixed(1)}px;height:${height.toFixed(1)}px`;
    if (width > 34 && height > 13) {
      const label = add(element, "span", "");
      label.textContent = name;
      if (width > 60 && height > 32 && !node.children) {
        // Without the blank, name and number are one word to a screen reader.
        element.append(" ");
        add(element, "small", "").textContent = format(node.value ?? 0) + (this.drawing.badge?.(node) ?? "");
      }
    }
    this.elements.set(node, element);
    return element;
  }

  private listen(): void {
    const nodeOf = (event: Event): Node | null => {
      const element = (event.target as HTMLElement).closest(".box");
      for (const [node, own] of this.elements) if (own === element) return node;
      return null;
    };
    this.canvas.addEventListener("pointerover", (event) => {
      const node = nodeOf(event);
      if (node) this.tell(node);
    });
    this.canvas.addEventListener("focusin", (event) => {
      const node = nodeOf(event);
      if (node) this.tell(node);
    });
    this.canvas.addEventListener("click", (event) => {
      const node = nodeOf(event);
      if (node)
        this.zoom(node === this.shown ? (node.parent ?? node) : node.children ? node : (node.parent ?? node));
    });
    this.canvas.addEventListener("keydown", (event) => {
      this.key(event);
    });
  }

  private key(event: KeyboardEvent): void {
    const siblings = this.focus.parent?.children ?? [this.focus];
    const at = siblings.indexOf(this.focus);
    const moves: Record<string, Node | undefined> = {
      ArrowRight: siblings[at + 1],
      ArrowLeft: siblings[at - 1],
      ArrowDown: this.focus.children?.[0],
      ArrowUp: this.focus === this.shown ? undefined : (this.focus.parent ?? undefined),
      Home: siblings[0],
      End: siblings[siblings.length - 1],
    };
    if (event.key in moves) {
      const target = moves[event.key];
      if (target && this.elements.has(target)) this.setFocus(target);
    } else if (event.key === "Enter" || event.key === " ") {
      this.zoom(this.focus.children ? this.focus : (this.focus.parent ?? this.focus), true);
    } else if (event.key === "Escape" || event.key === "Backspace")
      this.zoom(this.shown.parent ?? this.shown, true);
    else return;
    event.preventDefault();
  }

  private setFocus(node: Node): void {
    this.elements.get(this.focus)?.setAttribute("tabindex", "-1");
    this.focus = node;
    const element = this.elements.get(node);
    element?.setAttribute("tabindex", "0");
    element?.focus();
  }

  private zoom(node: Node, keepFocus = false): void {
    this.shown = this.focus = node;
    this.draw();
    if (keepFocus) this.elements.get(node)?.focus();
  }

  private drawCrumbs(): void {
    const path = this.shown.ancestors().reverse();
    const buttons = path.map((node) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = node.data.n;
      if (node === this.shown) button.setAttribute("aria-current", "true");
      button.addEventListener("click", () => {
        this.zoom(node);
      });
      return button;
    });
    this.crumbs.replaceChildren(...buttons);
  }

  private tell(node: Node): void {
    this.status.textContent = this.describe(node);
    this.status.title = CLICK_HINT;
  }

  /** What it says of a box. */
  describe(node: Node): string {
    const value = node.value ?? 0;
    const whole = this.root.value ?? 1;
    const share = `${((value / whole) * 100).toFixed(1)} %`;
    const source = node.data.s ? `, ${node.data.s}` : "";
    const remark = this.drawing.remark?.(node) ?? "";
    return `${node.data.n}: ${format(value)} ${this.drawing.unit}, ${share}${remark}${source}`;
  }
}

/** A number with its thousands apart. */
export function format(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** A new element at the end of `parent`. */
export function add(parent: HTMLElement, tag: string, className: string): HTMLElement {
  const element = document.createElement(tag);
  if (className) element.className = className;
  parent.append(element);
  return element;
}
