/** Guests without some of the instructions that the build has put into them. */
import assert from "node:assert/strict";
import type { LinkOptions, PreparedGuest } from "../../tools/compile/guest-module.js";
import { type Form, parseForm, printForm, rewriteInside } from "../../tools/compile/passes/s-expression.js";
import {
  assemble,
  type CheckingModule,
  compileChecking,
  finalModule,
} from "../../tools/gate/instrumentation/checking-module.js";
import { functionsOf } from "../../tools/gate/instrumentation/function-context.js";

/** The guest, finished for its strategy, without the instructions that `isLeftOut` says. */
export async function without(
  guest: PreparedGuest,
  options: LinkOptions,
  isLeftOut: (form: Form, func: Form) => boolean,
): Promise<CheckingModule> {
  const compiled = await compileChecking(guest, "announcing", options);
  const { text, dataEnd, lines, objects } = finalModule(guest, compiled, "announcing", options);
  const module = parseForm(text);
  let left = 0;
  for (const func of functionsOf(module))
    rewriteInside(func, (form) => {
      if (!isLeftOut(form, func)) return form;
      left++;
      return { items: ["nop"] };
    });
  assert.ok(left > 0, "the step is not in the module");
  return assemble(printForm(module), dataEnd, "announcing", lines, objects);
}
