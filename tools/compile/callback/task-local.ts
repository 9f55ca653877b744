/**
 * The block of the task in progress as a local, where it need not be a global: where only functions have to
 * do with it that find it themselves, as those that the host calls do.
 */
import {
  type Form,
  addLocals,
  bodyStart,
  headOf,
  isForm,
  rewriteInside,
  visitForms,
} from "../passes/s-expression.js";
import { functionsOf } from "../module-parts.js";
import { TASK } from "./callback-module.js";

/** Rewrites `module` in place. */
export function keepTaskInLocals(module: Form): void {
  const users = [...functionsOf(module).values()].filter(usesTask);
  if (!users.every(findsTask)) return;
  for (const func of users) {
    addLocals(func, [{ items: ["local", TASK, "i32"] }]);
    rewriteInside(func, (form) =>
      isTask(form) ? { ...form, items: [localized(form), ...form.items.slice(1)] } : form,
    );
  }
  module.items = module.items.filter((item) => !isForm(item, "global") || item.items[1] !== TASK);
}

function localized(form: Form): string {
  return headOf(form).replace("global", "local");
}

function isTask(form: Form): boolean {
  return /^global\.[gs]et$/.test(headOf(form)) && form.items[1] === TASK;
}

function usesTask(func: Form): boolean {
  let uses = false;
  visitForms(func, (form) => {
    uses ||= isTask(form);
  });
  return uses;
}

/** Whether the first thing that a function does is to say which block it has. */
function findsTask(func: Form): boolean {
  let first = func.items[bodyStart(func)];
  while (isForm(first, "block")) first = first.items.find((item) => typeof item === "object");
  return isForm(first, "global.set") && isTask(first) && !usesTask({ items: first.items.slice(2) });
}
