/** Parts of a module as text that the strategies of waiting take out, look up and put in. */
import { type Form, headOf, isForm, operands, parseForm } from "./passes/s-expression.js";

/** Linear memory in use ends at a multiple of this, see link.ts. */
const MEMORY_ALIGNMENT = 16;

const MEMORY_END = "$linear_memory_used";

/** Built-in that a task waits for an event in. */
export const WAIT = "[waitable-set-wait]";
/** The one in which it lets others go on. */
export const PAUSE = "[thread-yield]";

/** Whether the module imports one of them, or waits for an event that is known: see expected-events.ts. */
export function mayWait(text: string): boolean {
  return [WAIT, PAUSE].some((name) => text.includes(`"${name}`));
}

/** Bytes of a value type. */
export function valueBytes(type: string): number {
  return type.endsWith("64") ? 8 : 4;
}

/**
 * The function that is imported from `$root` by this name.
 * @returns its name in the module; null when there is no such import
 */
export function importedFunction(module: Form, field: string): string | null {
  const found = importOf(module, field);
  return found ? (operands(found)[0]!.items[1] as string) : null;
}

/** Takes an import of `$root` out of the module, if it is there. */
export function removeImport(module: Form, field: string): void {
  const found = importOf(module, field);
  module.items = module.items.filter((item) => item !== found);
}

function importOf(module: Form, field: string): Form | undefined {
  return operands(module).find(
    (form) => headOf(form) === "import" && form.items[2] === JSON.stringify(field),
  );
}

/** Puts imports in front of those that are there. */
export function addImports(module: Form, text: string): void {
  const imports = module.items.findIndex((item) => isForm(item, "import"));
  module.items.splice(imports, 0, ...parseAll(text));
}

/** The form that exports something by this name. */
export function exportOf(module: Form, name: string): Form {
  return operands(module).find(
    (form) => headOf(form) === "export" && JSON.parse(form.items[1] as string) === name,
  )!;
}

/** The functions that a module defines, by name. */
export function functionsOf(module: Form): Map<string, Form> {
  const functions = operands(module).filter((form) => headOf(form) === "func");
  return new Map(functions.map((func) => [func.items[1] as string, func]));
}

/** Types of a function's parameters. */
export function paramTypes(func: Form): string[] {
  return operands(func)
    .filter((form) => headOf(form) === "param")
    .map((form) => form.items.at(-1) as string);
}

/** Reads several forms. */
export function parseAll(text: string): Form[] {
  return operands(parseForm(`(forms ${text})`));
}

/** The global of this name. */
export function globalOf(module: Form, name: string): Form {
  return operands(module).find((form) => headOf(form) === "global" && form.items[1] === name)!;
}

/** Gives a constant global another value. */
export function setGlobal(module: Form, name: string, value: number): void {
  operands(globalOf(module, name)).at(-1)!.items[1] = String(value);
}

/** Where static memory ends: an address that is a multiple of 16. */
export function memoryEnd(module: Form): number {
  return Number(operands(globalOf(module, MEMORY_END)).at(-1)!.items[1]);
}

/** Static memory ends at `address` now, or where it is next aligned. */
export function setMemoryEnd(module: Form, address: number): void {
  setGlobal(module, MEMORY_END, Math.ceil(address / MEMORY_ALIGNMENT) * MEMORY_ALIGNMENT);
}
