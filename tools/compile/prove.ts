/**
 * What a pointer-free guest promises, proved on the module that ships: no allocation is
 * possible, every import is one that its world knows, and WAMR neither keeps the memory large
 * nor mistakes a global for a stack pointer.
 */
import { REALLOC } from "../wit/canonical-names.js";
import { CheckFailure } from "../errors/user-error.js";
import { violationLines } from "./explain.js";
import { plainName } from "./own-places.js";
import type { Violation } from "./violation.js";
import { type Form, headOf, isForm, operands, parseForm, visitForms } from "./passes/s-expression.js";

/** What the proof needs to know of the world. */
export interface Promises {
  /** Whether the world may import this; names as in the module. */
  readonly knowsImport: (module: string, name: string) => boolean;
  /** Whether the world needs `cabi_realloc` for values with pointers. */
  readonly needsRealloc: boolean;
}

/** Checks the text of a final module. @returns every violation, none when all promises hold */
export function proveGuest(text: string, promises: Promises): Violation[] {
  const module = parseForm(text);
  return [
    ...functionViolations(module, promises),
    ...importViolations(module, promises),
    ...exportViolations(module, promises),
    ...globalViolations(module),
  ];
}

/** @throws CheckFailure that lists the violations, one a line */
export function requireNoViolation(name: string, violations: readonly Violation[]): void {
  if (violations.length === 0) return;
  const lines = violationLines(violations);
  throw new CheckFailure(
    `${name} breaks what a guest promises, so nothing was written:\n${lines.join("\n")}`,
  );
}

const noAllocation =
  "allocate nothing: keep state in globals, in memory.data(...) or in the operations' slots";

function functionViolations(module: Form, promises: Promises): Violation[] {
  const violations: Violation[] = [];
  for (const func of operands(module)) {
    if (headOf(func) !== "func") continue;
    const name = plainName(func.items[1] as string);
    if (name.startsWith("~lib/rt/") && !promises.needsRealloc) {
      violations.push({
        rule: "allocator",
        where: name,
        what: `the allocator is in the binary${callersOf(module, func)}`,
        remedy: noAllocation,
      });
    }
    let near = "";
    visitForms(func, (form) => {
      near = form.position?.trim() || near;
      const head = headOf(form);
      if (head !== "memory.grow" && head !== "memory.size") return;
      const where = near ? `${name} (${near})` : name;
      violations.push({ rule: "memory-grow", where, what: `${head} is in the binary`, remedy: noAllocation });
    });
  }
  return violations;
}

/** Names who calls `callee`, with source positions: that is where the guest's author has to look. */
function callersOf(module: Form, callee: Form): string {
  const callers: string[] = [];
  for (const func of operands(module)) {
    if (headOf(func) !== "func" || func === callee) continue;
    visitForms(func, (form) => {
      if (headOf(form) !== "call" || form.items[1] !== callee.items[1]) return;
      const name = plainName(func.items[1] as string);
      callers.push(form.position ? `${name} (${form.position.trim()})` : name);
    });
  }
  return callers.length > 0 ? `, called by ${callers.join(", ")}` : "";
}

function importViolations(module: Form, promises: Promises): Violation[] {
  const violations: Violation[] = [];
  for (const form of operands(module)) {
    if (headOf(form) !== "import") continue;
    const [from, name] = form.items.slice(1, 3).map((word) => JSON.parse(word as string) as string);
    if (promises.knowsImport(from!, name!)) continue;
    violations.push({
      rule: "unknown-import",
      where: `import ${from!} ${name!}`,
      what: "no host of this world provides it",
      remedy: "import only what the generated bindings declare",
    });
  }
  return violations;
}

function exportViolations(module: Form, promises: Promises): Violation[] {
  const exported = operands(module).filter((form) => headOf(form) === "export");
  const names = exported.map((form) => JSON.parse(form.items[1] as string) as string);
  const violations: Violation[] = [];
  if (names.includes(REALLOC) && !promises.needsRealloc) {
    violations.push({
      rule: "cabi-realloc",
      where: "export cabi_realloc",
      what: "a pointer-free world has no use for it",
      remedy: noAllocation,
    });
  }
  return violations;
}

function globalViolations(module: Form): Violation[] {
  const violations: Violation[] = [];
  const exported = new Map<string, string>();
  let heapBase = 0;
  for (const form of operands(module)) {
    const [head, name, target] = form.items;
    if (head === "export" && isForm(target, "global"))
      exported.set(JSON.parse(name as string) as string, target.items[1] as string);
  }
  for (const needed of ["__heap_base", "__data_end"]) {
    const global = operands(module).find(
      (form) => headOf(form) === "global" && form.items[1] === exported.get(needed),
    );
    if (global && !isForm(global.items[2])) {
      if (needed === "__heap_base") heapBase = Number(operands(global).at(-1)!.items[1]);
      continue;
    }
    violations.push({
      rule: "memory-not-shrinkable",
      where: `global ${needed}`,
      what: global ? "is mutable" : "is not exported",
      remedy: "this is a defect of the build: report it",
    });
  }
  for (const form of operands(module)) {
    const [head, name, type, initial] = form.items;
    if (head !== "global" || !isForm(type, "mut") || type.items[1] !== "i32") continue;
    if (isForm(initial, "i32.const") && !isGuessed(Number(initial.items[1]), heapBase)) continue;
    violations.push({
      rule: "stack-pointer-guess",
      where: `global ${plainName(name as string)}`,
      what: "starts with a value that WAMR takes for a stack pointer",
      remedy: "let it start at 0",
    });
  }
  return violations;
}

/** Whether WAMR takes a global that starts so for a stack pointer: an address below its heap. */
function isGuessed(initial: number, heapBase: number): boolean {
  return initial > 0 && initial <= heapBase;
}
