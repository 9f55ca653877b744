/**
 * A test of bits that cannot be set is 0.
 *
 * The library asks before each copy whether the last one has ended the stream: bit 0 of its result. In a loop
 * that goes on only when the result was exactly one item that moved, the bit is clear, and Binaryen, which
 * knows constants but not what a branch has shown, still tests it.
 */
import { functionsOf } from "./memory-accesses.js";
import { constantOf, possibleBits } from "./possible-bits.js";
import { type Form, isForm, operands, rewriteInside } from "./s-expression.js";

/** Rewrites every function of `module` in place. */
export function settleBits(module: Form): void {
  for (const func of functionsOf(module)) {
    const bits = possibleBits(func);
    rewriteInside(func, (form) => (isClear(form, bits.get(form)) ? { items: ["i32.const", "0"] } : form));
  }
}

/** Whether `form` takes bits of a local of which none can be set. */
function isClear(form: Form, bits: number | undefined): boolean {
  const [local, mask] = operands(form);
  return isForm(form, "i32.and") && isForm(local, "local.get") && constantOf(mask) !== null && bits === 0;
}
