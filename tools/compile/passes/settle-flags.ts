/**
 * Takes the guest library's flags for what they can only become.
 *
 * A flag says that a guest may do something: `start` a copy, `drop` an end itself. It starts at 0, and
 * nothing but 1 is ever stored in it. In a guest that never sets it Binaryen finds the constant 0. In one
 * that does, code that asks before the first store is right with 1 as well: that is what a flag of the
 * library promises. So it is the constant 1, and neither asked nor stored.
 */
import { type Form, headOf, isForm, operands, rewriteInside } from "./s-expression.js";

/** The library's flags, as asc names them. */
const FLAG =
  /^\$~lib\/as-rill\/assembly\/(arena\/scoping|operation\/(overlapping|abreast|dropping|copyingMany)|future\/writer\/presetting|landing\/callsLand|task\/subtask\/beginning|task\/wait-any\/of(Futures|Calls))$/;

/** Rewrites `module` in place. */
export function settleFlags(module: Form): void {
  const functions = operands(module).filter((form) => headOf(form) === "func");
  const stored = new Set<string>();
  for (const func of functions)
    rewriteInside(func, (form) => {
      const [head, name, value] = form.items;
      if (head !== "global.set" || typeof name !== "string" || !FLAG.test(name)) return form;
      if (!isForm(value, "i32.const") || value.items[1] !== "1") return form;
      stored.add(name);
      return { ...form, items: ["nop"] };
    });
  for (const func of functions)
    rewriteInside(func, (form) => {
      const [head, name] = form.items;
      return head === "global.get" && stored.has(name as string)
        ? { ...form, items: ["i32.const", "1"] }
        : form;
    });
}
