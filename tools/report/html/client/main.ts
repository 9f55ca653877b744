/** Starts what moves on the page. The page can be read without it. */
import type { PageData } from "../page-data.js";
import { changeMap } from "./change-map.js";
import { fileMap } from "./file-map.js";
import { flameLayout } from "./layouts.js";
import { enhanceTables } from "./sortable-table.js";
import { enhanceTheme } from "./theme.js";
import { ZoomMap } from "./zoom-map.js";

const data = JSON.parse(document.getElementById("page-data")!.textContent) as PageData;
const maps: ZoomMap[] = [];

const treemap = document.getElementById("treemap");
if (treemap && data.functions) maps.push(fileMap(treemap, data));
const flame = document.getElementById("flame");
if (flame && data.flame)
  maps.push(new ZoomMap(flame, data.flame, { unit: "instructions", layout: flameLayout }));
const changes = document.getElementById("change-map");
if (changes && data.change) maps.push(changeMap(changes, data.change));

let pending = 0;
const redraw = (): void => {
  for (const map of maps) map.draw();
};
addEventListener("resize", () => {
  cancelAnimationFrame(pending);
  pending = requestAnimationFrame(redraw);
});
const folds = [...document.querySelectorAll("details")];
let closed: HTMLDetailsElement[] = [];
addEventListener("beforeprint", () => {
  // Who signs the print has to see what is folded on the page.
  closed = folds.filter(({ open }) => !open);
  for (const fold of closed) fold.open = true;
  redraw();
});
addEventListener("afterprint", () => {
  for (const fold of closed) fold.open = false;
});
matchMedia("print").addEventListener("change", redraw);
enhanceTables();
enhanceTheme();
document.documentElement.dataset["ready"] = "true";
