/**
 * The block of the task in progress as a local, where it need not be a global: where only functions have to
 * do with it that find it themselves, as those that the host calls do. One that has just told the host its
 * block, and names it but once or twice more, asks the host: a call takes no more bytes than a local, which
 * has to be declared and set besides.
 */
import {
  type Form,
  addLocals,
  bodyStart,
  headOf,
  isForm,
  operands,
  rewriteInside,
  visitForms,
} from "../passes/s-expression.js";
import { functionsOf } from "../module-parts.js";
import { CONTEXT_GET, CONTEXT_SET, TASK } from "./callback-module.js";

/** How often a task that begins asks the host for its block at most: a call takes longer than a local. */
const ASKED = 2;

/** Rewrites `module` in place. */
export function keepTaskInLocals(module: Form): void {
  const users = [...functionsOf(module).values()].filter(usesTask);
  if (!users.every(findsTask)) return;
  for (const func of users) {
    const asked = new Set(asking(func));
    addLocals(func, [{ items: ["local", TASK, "i32"] }]);
    rewriteInside(func, (form) => {
      if (asked.has(form)) return { ...form, items: ["call", CONTEXT_GET] };
      return isTask(form) ? { ...form, items: [localized(form), ...form.items.slice(1)] } : form;
    });
  }
  module.items = module.items.filter((item) => !isForm(item, "global") || item.items[1] !== TASK);
}

/** Where a function asks the host for its block: nowhere unless it has told the host before. */
function asking(func: Form): Form[] {
  const named: Form[] = [];
  let told: Form | undefined;
  let isLoop = false;
  visitForms(func, (form) => {
    isLoop ||= headOf(form) === "loop";
    if (isForm(form, "call") && form.items[1] === CONTEXT_SET) [told] = operands(form);
    else if (isTask(form) && headOf(form) === "global.get" && form !== told) named.push(told ? form : func);
  });
  return isLoop || named.length > ASKED || named.includes(func) ? [] : named;
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
