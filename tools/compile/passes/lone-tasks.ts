/**
 * Tells the guest library of a guest whose functions the host never calls while a task waits.
 *
 * A guest that has one task at a time and exports async functions alone is not entered in between: nothing
 * has to ask whether a task waits, and nobody looks into the waitable sets of one that does.
 */
import { REALLOC, asyncLifted } from "../../wit/canonical-names.js";
import { type Form, headOf, operands, rewriteInside } from "./s-expression.js";

/** The library's word for it, as asc names it. It starts as true, and nothing is stored in it. */
const ENTERED = "$~lib/as-rill/assembly/task/waiting/entered";

/**
 * Rewrites `module`, whose exports have their canonical names, in place.
 * Caller must: know that one task at a time is at work
 */
export function settleLoneTasks(module: Form): void {
  if (operands(module).some(isEntry)) return;
  for (const func of operands(module))
    if (headOf(func) === "func")
      rewriteInside(func, (form) =>
        headOf(form) === "global.get" && form.items[1] === ENTERED
          ? { ...form, items: ["i32.const", "0"] }
          : form,
      );
}

/** Whether this exports a function that may use what a task waits for: neither a task, nor what allocates. */
function isEntry(form: Form): boolean {
  if (headOf(form) !== "export" || headOf(operands(form)[0]!) !== "func") return false;
  const name = JSON.parse(form.items[1] as string) as string;
  return asyncLifted(name.replace(/^\[callback\]/, "")) === null && name !== REALLOC;
}
