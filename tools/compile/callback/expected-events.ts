/**
 * Waits for which the guest library says what comes: the event of the one stream's end that is in the set.
 *
 * Where every wait of a task's function is for another event, the event's code says at which of them the
 * task goes on, and nothing has to remember it. The library says so by the name of what it imports
 * (assembly/abi/waitable-set.ts); in a finished module there is none of these names.
 * Spec: CanonicalABI.md, EventCode
 */
import { addImports, importedFunction, removeImport, WAIT } from "../module-parts.js";
import { type Form, headOf, visitForms } from "../passes/s-expression.js";

/** Codes of events by the names of the waits for them. */
const EXPECTED: ReadonlyMap<string, number> = new Map([
  [`${WAIT}stream-read`, 2],
  [`${WAIT}stream-write`, 3],
]);

/** The name in the Component Model of what the guest library imports from `$root`. */
export function canonicalField(field: string): string {
  return EXPECTED.has(field) ? WAIT : field;
}

/** The functions of `module` that wait for an event: the code that it has, where that is known, else null. */
export function waitFunctions(module: Form): Map<string, number | null> {
  const found = new Map<string, number | null>();
  for (const field of [WAIT, ...EXPECTED.keys()]) {
    const name = importedFunction(module, field);
    if (name !== null) found.set(name, EXPECTED.get(field) ?? null);
  }
  return found;
}

/** Takes the imports of these functions out of `module`. */
export function removeWaits(module: Form): void {
  for (const field of [WAIT, ...EXPECTED.keys()]) removeImport(module, field);
}

/** Has `module` wait by the canonical name alone. */
export function forgetExpected(module: Form): void {
  const [kept, ...others] = waitFunctions(module).keys();
  if (kept === undefined) return;
  removeWaits(module);
  addImports(module, `(import "$root" "${WAIT}" (func ${kept} (param i32 i32) (result i32)))`);
  visitForms(module, (form) => {
    if (headOf(form) === "call" && others.includes(form.items[1] as string)) form.items[1] = kept;
  });
}
