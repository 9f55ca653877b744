/**
 * Makes every mutable i32 global start at 0.
 *
 * WAMR takes the first mutable i32 global whose initial value is not 0 and not above `__heap_base` for a
 * stack pointer, and then traps on what it takes for an underflow. Such a global is stored biased: its
 * initial value is xor-ed into every read and write.
 */
import { type Form, headOf, isForm, operands, rewriteInside } from "./s-expression.js";

/** Rewrites `module` in place. */
export function biasGlobals(module: Form): void {
  const bias = new Map<string, string>();
  for (const form of operands(module)) {
    if (headOf(form) !== "global") continue;
    const [, name, type, initial] = form.items;
    if (
      !isForm(type, "mut") ||
      type.items[1] !== "i32" ||
      !isForm(initial, "i32.const") ||
      initial.items[1] === "0"
    )
      continue;
    bias.set(name as string, initial.items[1] as string);
    initial.items[1] = "0";
  }
  if (bias.size === 0) return;
  rewriteInside(module, (form) => {
    const value = bias.get(form.items[1] as string);
    if (value === undefined) return form;
    if (headOf(form) === "global.get") return biased(form, value);
    if (headOf(form) === "global.set")
      return { ...form, items: ["global.set", form.items[1]!, biased(form.items[2] as Form, value)] };
    return form;
  });
}

function biased(form: Form, value: string): Form {
  return { items: ["i32.xor", form, { items: ["i32.const", value] }] };
}
