/**
 * Locals that are still needed behind a wait lie in static memory: only while the function waits, or all the
 * time.
 *
 * The first costs six instructions with each wait and none where nothing waits; the second one more with each
 * access. Locals that a loop only reads, as the handles of ends, are better off in memory all the time.
 */
import { definitelyAssigned } from "../passes/definite-assignment.js";
import { type Form, headOf, operands, rewriteInside, visitForms } from "../passes/s-expression.js";

/** How often a local is accessed inside of loops. */
interface Uses {
  gets: number;
  sets: number;
}

/**
 * @param live the locals that are needed behind each wait
 * @returns those that are better off in memory all the time
 */
export function betterInMemory(func: Form, live: ReadonlyMap<Form, readonly string[]>): string[] {
  const uses = usesInLoops(func);
  const kept = new Set([...live.values()].flat());
  const answered = new Set(
    [...live.keys()].filter((wait) => headOf(wait) === "local.set").map(({ items }) => items[1]),
  );
  return [...kept].filter((local) => {
    if (answered.has(local)) return false; // the wait stays the whole statement
    const { gets, sets } = uses.get(local) ?? { gets: 0, sets: 0 };
    const waits = [...live.values()].filter((locals) => locals.includes(local)).length;
    return sets === 0 && gets <= 2 * waits;
  });
}

function usesInLoops(func: Form): Map<string, Uses> {
  const uses = new Map<string, Uses>();
  visitForms(func, (loop) => {
    if (headOf(loop) !== "loop") return;
    visitForms(loop, (form) => {
      const isGet = headOf(form) === "local.get";
      if (!isGet && !["local.set", "local.tee"].includes(headOf(form))) return;
      const local = form.items[1] as string;
      const counted = uses.get(local) ?? { gets: 0, sets: 0 };
      if (isGet) counted.gets++;
      else counted.sets++;
      uses.set(local, counted);
    });
  });
  return uses;
}

/**
 * Puts a local into memory: every access to it becomes one to `place`.
 * @returns what has to run where the function begins, to give it the value that the local begins with
 */
export function moveToMemory(func: Form, local: string, type: string, place: number): Form[] {
  const at = (): Form => ({ items: ["i32.const", String(place)] });
  const load = (): Form => ({ items: [`${type}.load`, at()] });
  const store = (value: Form): Form => ({ items: [`${type}.store`, at(), value] });
  const isParam = operands(func).some((form) => headOf(form) === "param" && form.items[1] === local);
  const accesses = (head: string) => (form: Form) => headOf(form) === head && form.items[1] === local;
  const isSet = (form: Form): boolean => accesses("local.set")(form) || accesses("local.tee")(form);
  const needsZero = !isParam && !definitelyAssigned(func, isSet, accesses("local.get"));
  rewriteInside(func, (form) => {
    if (form.items[1] !== local) return form;
    const value = operands(form)[0];
    switch (headOf(form)) {
      case "local.get":
        return { ...form, ...load() };
      case "local.set":
        return { ...form, ...store(value!) };
      case "local.tee":
        return { ...form, items: ["block", { items: ["result", type] }, store(value!), load()] };
      default:
        return form;
    }
  });
  if (isParam) return [store({ items: ["local.get", local] })];
  return needsZero ? [store({ items: [`${type}.const`, "0"] })] : [];
}
