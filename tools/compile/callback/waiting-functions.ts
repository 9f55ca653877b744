/** Which functions of a module may wait, and whether each can be entered again where it waited. */
import { type Form, headOf, operands, visitForms } from "../passes/s-expression.js";
import { functionsOf } from "../module-parts.js";

/**
 * The functions from which a call of one of `waits` can be reached.
 * @param waits imported functions that wait
 * @param tasks the functions that the host begins tasks with
 * @returns their names; null when a place in one of them says not enough about where it is: the functions
 *   call each other in a circle, one is called through the table, or from a function that is no task
 */
export function waitingFunctions(
  module: Form,
  waits: ReadonlySet<string>,
  tasks: ReadonlySet<string>,
): ReadonlySet<string> | null {
  const callers = callersOf(module);
  const waiting = new Set<string>();
  const open = [...waits];
  for (let name = open.pop(); name !== undefined; name = open.pop())
    for (const caller of callers.get(name) ?? []) {
      if (waiting.has(caller)) continue;
      waiting.add(caller);
      open.push(caller);
    }
  const outside = enteredFromOutside(module);
  const strays = [...waiting].filter((name) => outside.has(name) && !tasks.has(name));
  const called = [...waiting].filter((name) => tasks.has(name) && callers.has(name));
  return strays.length > 0 || called.length > 0 || hasCircle(waiting, callers) ? null : waiting;
}

/** Who calls each function. */
function callersOf(module: Form): Map<string, Set<string>> {
  const callers = new Map<string, Set<string>>();
  for (const [name, func] of functionsOf(module))
    visitForms(func, (form) => {
      if (headOf(form) !== "call") return;
      const callee = form.items[1] as string;
      callers.set(callee, (callers.get(callee) ?? new Set()).add(name));
    });
  return callers;
}

/** Functions that are exported, in a table, referred to, or the start. */
function enteredFromOutside(module: Form): Set<string> {
  const names = new Set<string>();
  visitForms(module, (form) => {
    const head = headOf(form);
    if (head === "export") names.add(operands(form)[0]!.items[1] as string);
    if (head === "ref.func" || head === "start") names.add(form.items[1] as string);
    if (head === "elem") for (const item of form.items) if (typeof item === "string") names.add(item);
  });
  return names;
}

function hasCircle(waiting: ReadonlySet<string>, callers: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const left = new Set(waiting);
  for (let before = -1; before !== left.size;) {
    before = left.size;
    for (const name of left)
      if (![...(callers.get(name) ?? [])].some((caller) => left.has(caller))) left.delete(name);
  }
  return left.size > 0;
}
