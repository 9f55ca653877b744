/** What a page carries for its scripts. */
import type { WeightNode } from "./weight-tree.js";

/** The data that the page carries for its charts. */
export interface PageData {
  /** Null on a page without a map. */
  readonly functions: WeightNode | null;
  /** By the functions that authors wrote, and by source line; null without a source map. */
  readonly authors: WeightNode | null;
  readonly sources: WeightNode | null;
  readonly flame: WeightNode | null;
  /** Both builds, where two are compared. */
  readonly change: WeightNode | null;
}
