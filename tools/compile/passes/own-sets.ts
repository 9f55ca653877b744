/**
 * Tells the guest library of a guest in which nothing waits for a call by itself, or asks about one.
 *
 * A call that `waitAny` alone waits for needs no waitable set of its own. The library's word for it starts at
 * 1, since it is asked before the call that could set it; where nobody sets it it is 0.
 */
import { type Form, headOf, operands, rewriteInside, visitForms } from "./s-expression.js";

/** The library's word for it, as asc names it. */
const APART = "$~lib/as-rill/assembly/task/subtask/apart";

/** Rewrites `module` in place. */
export function settleOwnSets(module: Form): void {
  const functions = operands(module).filter((form) => headOf(form) === "func");
  let isApart = false;
  for (const func of functions)
    visitForms(func, ({ items: [head, name] }) => {
      isApart ||= head === "global.set" && name === APART;
    });
  for (const func of functions)
    rewriteInside(func, (form) => {
      const [head, name] = form.items;
      if (name !== APART) return form;
      if (head === "global.set") return { ...form, items: ["nop"] };
      return head === "global.get" ? { ...form, items: ["i32.const", isApart ? "1" : "0"] } : form;
    });
}
