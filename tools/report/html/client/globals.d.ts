/** d3-hierarchy, which the page carries in a script element of its own. */
declare const d3: typeof import("d3-hierarchy");
