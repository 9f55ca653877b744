/**
 * Takes away loads whose value nobody uses.
 *
 * Binaryen keeps `(drop (i32.load …))`, because a load may trap. One whose whole address is a constant inside
 * static data cannot: it is what remains of a field that was kept in a local.
 */
import { type Form, headOf, isForm, operands, rewriteInside } from "./s-expression.js";

/** The widest load: 16 bytes. */
const WIDEST_LOAD = 16;

/** Rewrites `module`, which must say in `$linear_memory_used` where static data ends, in place. */
export function dropLoads(module: Form): void {
  const end = staticDataEnd(module);
  for (const func of operands(module)) {
    if (headOf(func) !== "func") continue;
    rewriteInside(func, (form) => (isUnusedLoad(form, end) ? { items: ["nop"] } : form));
  }
}

function staticDataEnd(module: Form): number {
  const global = operands(module).find(
    (form) => headOf(form) === "global" && form.items[1] === "$linear_memory_used",
  );
  const value = global?.items[3];
  return isForm(value, "i32.const") ? Number(value.items[1]) : 0;
}

function isUnusedLoad(form: Form, end: number): boolean {
  if (headOf(form) !== "drop") return false;
  const load = form.items[1];
  if (!isForm(load) || !/^[if](32|64)\.load(8_[su]|16_[su]|32_[su])?$/.test(headOf(load))) return false;
  const address = load.items.at(-1);
  if (!isForm(address, "i32.const")) return false;
  const offset = load.items.find((item) => typeof item === "string" && item.startsWith("offset="));
  const first = Number(address.items[1]) + (typeof offset === "string" ? Number(offset.slice(7)) : 0);
  return first >= 0 && first + WIDEST_LOAD <= end;
}
