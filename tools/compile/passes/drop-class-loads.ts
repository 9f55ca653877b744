/**
 * Takes away the loads with which asc looks at an object's class before it calls a method that a subclass
 * may have, where nothing depends on it.
 *
 * An operation has no class: at a computed address Binaryen, to which a load may trap, keeps the load of
 * whatever lies there, which for the first end of a table is another object's memory.
 */
import { type Form, headOf, operands, rewriteInside } from "./s-expression.js";

/** Rewrites `module` in place. */
export function dropClassLoads(module: Form): void {
  for (const func of operands(module)) {
    if (headOf(func) !== "func" || !/@override"?$/.test(func.items[1] as string)) continue;
    rewriteInside(func, (form) => {
      const [value] = operands(form);
      return headOf(form) === "drop" && headOf(value!) === "i32.load" ? { items: ["nop"] } : form;
    });
  }
}
