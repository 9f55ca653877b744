/** The two layouts: a squarified treemap, and an icicle of calls. */
import type { Box, Layout, Node } from "./zoom-map.js";

const HEADER_PIXELS = 18;
const ROW_PIXELS = 22;

/** Area is weight; groups keep a line for their name. */
export const treemapLayout: Layout = {
  place(root: Node, width: number, height: number): Box {
    const roomy = (box: Box): boolean => box.x1 - box.x0 > 40 && box.y1 - box.y0 > 34;
    return d3
      .treemap<Node["data"]>()
      .size([width, height])
      .round(false)
      .paddingInner(1)
      .paddingTop((box) => (roomy(box) ? HEADER_PIXELS : 1))
      .paddingRight(1)
      .paddingBottom(1)
      .paddingLeft(1)(root.copy());
  },
  height: (_root, width) => Math.round(Math.min(520, Math.max(300, width * 0.62))),
  visible: (box) => (box.x1 - box.x0) * (box.y1 - box.y0) > 24 && box.x1 - box.x0 > 2 && box.y1 - box.y0 > 2,
};

/** Width is weight; a callee lies under its caller. */
export const flameLayout: Layout = {
  place(root: Node, width: number, height: number): Box {
    return d3.partition<Node["data"]>().size([width, height]).padding(1)(root.copy());
  },
  height: (root) => (root.height + 1) * ROW_PIXELS,
  visible: (box) => box.x1 - box.x0 > 1.5,
};
