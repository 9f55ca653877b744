/**
 * Remembers which line of the guest's own source called into the library.
 *
 * Inlining leaves canonical calls with the library's positions alone. Before it, every call that stands in the guest's sources is
 * preceded by a store of its place to a global, which the trace then shows.
 */
import {
  type Form,
  headOf,
  operands,
  parseForm,
  printForm,
  rewriteInside,
} from "../../build/passes/s-expression.js";

/** The global that holds the index of the place. */
export const LINE_GLOBAL = "$gate|line";

/** @returns the module's text, and the places by index; index 0 is none */
export function markGuestLines(text: string): { readonly text: string; readonly lines: readonly string[] } {
  const module = parseForm(text);
  const lines = [""];
  const results = resultTypes(module);
  rewriteInside(module, (form) => {
    const position = form.position?.trim() ?? "";
    if (headOf(form) !== "call" || !isGuestSource(position)) return form;
    lines.push(position);
    const mark: Form = {
      items: ["global.set", LINE_GLOBAL, { items: ["i32.const", String(lines.length - 1)] }],
    };
    const result = results.get(form.items[1] as string);
    const type: Form[] = result === undefined ? [] : [{ items: ["result", result] }];
    return { items: ["block", ...type, mark, form] };
  });
  const zero: Form = { items: ["i32.const", "0"] };
  const defined = module.items.findIndex(
    (item) => typeof item === "object" && !["type", "import", "rec"].includes(headOf(item)),
  );
  module.items.splice(defined, 0, { items: ["global", LINE_GLOBAL, { items: ["mut", "i32"] }, zero] });
  return { text: printForm(module), lines };
}

/** Whether a position is in the guest's own files: not the library, not bindings, not the generated entry. */
export function isGuestSource(position: string): boolean {
  return position !== "" && !/^(~lib\/|bindings\/|rill-entry\.ts)/.test(position);
}

function resultTypes(module: Form): Map<string, string> {
  const types = new Map<string, string>();
  for (const form of operands(module)) {
    const func = headOf(form) === "import" ? (form.items[3] as Form) : form;
    if (headOf(func) !== "func") continue;
    const result = operands(func).find((part) => headOf(part) === "result");
    if (result) types.set(func.items[1] as string, result.items[1] as string);
  }
  return types;
}
