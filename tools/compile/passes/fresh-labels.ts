/**
 * Names for the blocks that a pass makes. A name that an outer block has already would
 * catch the branches meant for that one.
 */
import { type Form, headOf, visitForms } from "./s-expression.js";

/**
 * Gives labels `PREFIX|0`, `PREFIX|1`, … beyond those that `module` has from an earlier run.
 * @param prefix with its dollar sign
 */
export function freshLabels(module: Form, prefix: string): () => string {
  let next = 0;
  visitForms(module, (form) => {
    const label = form.items[1];
    if (headOf(form) !== "block" || typeof label !== "string" || !label.startsWith(`${prefix}|`)) return;
    next = Math.max(next, Number.parseInt(label.slice(prefix.length + 1), 10) + 1);
  });
  return () => `${prefix}|${next++}`;
}
