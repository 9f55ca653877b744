/**
 * Where a task's function begins: what runs once, in front of all that it can be entered at.
 *
 * It becomes a function of its own, the one that the host begins tasks with. What is left is what the host
 * calls back: so a callback is no call more, and asks nowhere whether the task has begun.
 */
import { type Form, headOf, operands, visitForms } from "../passes/s-expression.js";
import { contains } from "./linear-body.js";

/**
 * Takes the statements from the front of `block` in front of the first one that waits, or branches out of it.
 * @param block has no result
 * @returns what was taken
 */
export function takeStart(block: Form, isWait: (form: Form) => boolean): Form[] {
  const label = block.items.slice(1).filter((item) => typeof item === "string");
  const statements = operands(block);
  const stays = (form: Form): boolean => contains(form, isWait) || branchesOut(form);
  const first = statements.findIndex(stays);
  if (first < 0) return [];
  const taken = statements.slice(0, first);
  block.items = ["block", ...label, ...statements.slice(first)];
  return isPlainBlock(statements[first]!) ? [...taken, ...takeStart(statements[first]!, isWait)] : taken;
}

function isPlainBlock(form: Form): boolean {
  return headOf(form) === "block" && operands(form).every((part) => headOf(part) !== "result");
}

/** Whether a branch in `form` goes on outside of it. */
function branchesOut(form: Form): boolean {
  const own = new Set<unknown>();
  const targets: unknown[] = [];
  visitForms(form, ({ items: [head, ...items] }) => {
    if (["block", "loop", "if"].includes(head as string)) own.add(items[0]);
    if (["br", "br_if", "br_table"].includes(head as string))
      targets.push(...items.filter((item) => typeof item === "string"));
  });
  return targets.some((target) => !own.has(target));
}

/** The locals that `forms` set. */
export function setIn(forms: readonly Form[]): Set<string> {
  const set = new Set<string>();
  for (const form of forms)
    visitForms(form, ({ items: [head, name] }) => {
      if (head === "local.set" || head === "local.tee") set.add(name as string);
    });
  return set;
}
