/**
 * Moves words of a task's static frame into locals of the one function that uses them.
 *
 * An operation's handle and status lie at constant addresses beside its slot, because library code
 * reaches them through a pointer. Once everything is inlined, each access names a constant
 * address, and a word that no host copy can reach is a local variable in all but name. The slots
 * stay where they are: the host writes there.
 *
 * The pass changes nothing unless it can see every access: one load or store with a
 * computed address, one bulk memory instruction, or a lent range that is not constant, and
 * the frame stays in memory. A word is moved when
 *
 *  1. every access to its bytes is an `i32.load` or `i32.store` of exactly that word,
 *  2. no range that a canonical built-in may touch, and no data segment, overlaps it,
 *  3. all accesses are in one function that only the host calls, and
 *  4. on every path that function stores the word before it loads it, so that no
 *     value lives on from call to call.
 */
import { type Form, addLocals, headOf, isForm, operands, rewriteInside, visitForms } from "./s-expression.js";
import { definitelyAssigned } from "./definite-assignment.js";

/**
 * A constant pointer argument of a canonical built-in: which argument, and how
 * many bytes the host may touch there.
 */
export interface LentArgument {
  readonly pointer: number;
  /** Bytes the host may touch, given the other arguments' constant values; null when it cannot be known. */
  readonly byteLength: (constants: readonly (number | null)[]) => number | null;
}

/** Which arguments of an imported function point into memory; null when that is not known. */
export type LentArguments = (module: string, name: string) => readonly LentArgument[] | null;

interface Access {
  readonly address: number;
  readonly byteLength: number;
  readonly wholeWord: boolean;
  readonly func: Form;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Rewrites `module` in place. @returns the addresses of the words that became locals, ascending */
export function promoteFrame(module: Form, lentArguments: LentArguments): number[] {
  const accesses = constantAccesses(module);
  const lent = lentRanges(module, lentArguments);
  if (!accesses || !lent) return [];
  const taken = [...lent, ...dataRanges(module)];
  const callable = internallyCalled(module);
  const words = new Set(accesses.filter((access) => access.wholeWord).map((access) => access.address));
  const promoted: number[] = [];
  for (const word of [...words].sort((a, b) => a - b)) {
    const touching = accesses.filter((access) => overlaps(word, access));
    const func = touching[0]!.func;
    const movable =
      !taken.some((range) => range.from < word + 4 && word < range.to) &&
      touching.every((access) => access.wholeWord && access.address === word && access.func === func) &&
      !callable.has(func.items[1] as string) &&
      definitelyAssigned(
        func,
        (form) => wordStored(form) === word,
        (form) => wordLoaded(form) === word,
      );
    if (!movable) continue;
    moveToLocal(func, word);
    promoted.push(word);
  }
  return promoted;
}

function overlaps(word: number, access: Access): boolean {
  return access.address < word + 4 && word < access.address + access.byteLength;
}

const memoryAccess = /^[if](?:32|64)\.(load|store)(\d*)/;

/** Every load and store of the module, or null when one of them has a computed address. */
function constantAccesses(module: Form): Access[] | null {
  const accesses: Access[] = [];
  let opaque = false;
  for (const func of operands(module).filter((form) => headOf(form) === "func")) {
    visitForms(func, (form) => {
      const head = headOf(form);
      if (/^(memory\.(copy|fill|init)|v128\.|.*\.atomic)/.test(head)) opaque = true;
      const match = memoryAccess.exec(head);
      if (!match) return;
      const address = accessAddress(form);
      if (address === null) {
        opaque = true;
        return;
      }
      const byteLength = match[2]
        ? Number(match[2]) / 8
        : head.startsWith("i32") || head.startsWith("f32")
          ? 4
          : 8;
      accesses.push({ address, byteLength, wholeWord: head === "i32.load" || head === "i32.store", func });
    });
  }
  return opaque ? null : accesses;
}

/** The constant address of a load or store, or null. */
function accessAddress(form: Form): number | null {
  const base = constantOf(operands(form)[0]);
  if (base === null) return null;
  const offset = form.items.find(
    (item): item is string => typeof item === "string" && item.startsWith("offset="),
  );
  return base + (offset ? Number(offset.slice("offset=".length)) : 0);
}

function constantOf(form: Form | undefined): number | null {
  return isForm(form, "i32.const") ? Number(form.items[1]) >>> 0 : null;
}

function wordLoaded(form: Form): number | null {
  return headOf(form) === "i32.load" ? accessAddress(form) : null;
}

function wordStored(form: Form): number | null {
  return headOf(form) === "i32.store" ? accessAddress(form) : null;
}

/** Every range that some call lends to the host, or null when one of them is not constant. */
function lentRanges(module: Form, lentArguments: LentArguments): Range[] | null {
  const imports = new Map<string, readonly LentArgument[] | null>();
  for (const form of operands(module)) {
    const [, moduleName, name, item] = form.items;
    if (headOf(form) !== "import" || !isForm(item, "func")) continue;
    imports.set(
      item.items[1] as string,
      lentArguments(unquote(moduleName as string), unquote(name as string)),
    );
  }
  const ranges: Range[] = [];
  let opaque = false;
  visitForms(module, (form) => {
    if (headOf(form) === "call_indirect") opaque = true;
    if (headOf(form) !== "call") return;
    const lent = imports.get(form.items[1] as string);
    if (lent === undefined) return;
    if (lent === null) {
      opaque = true;
      return;
    }
    const constants = operands(form).map(constantOf);
    for (const argument of lent) {
      const from = constants[argument.pointer] ?? null;
      const byteLength = argument.byteLength(constants);
      if (from === null || byteLength === null) opaque = true;
      else ranges.push({ from, to: from + byteLength });
    }
  });
  return opaque ? null : ranges;
}

function unquote(word: string): string {
  return JSON.parse(word) as string;
}

/** The ranges that data segments fill. */
function dataRanges(module: Form): Range[] {
  return operands(module)
    .filter((form) => headOf(form) === "data")
    .map((form) => {
      const from = constantOf(operands(form)[0]);
      const text = form.items
        .filter((item): item is string => typeof item === "string" && item.startsWith('"'))
        .join("");
      return from === null ? { from: 0, to: Infinity } : { from, to: from + text.length };
    });
}

/** Names of the functions that the module itself can call. */
function internallyCalled(module: Form): Set<string> {
  const called = new Set<string>();
  visitForms(module, (form) => {
    const head = headOf(form);
    if (head === "call" || head === "return_call" || head === "ref.func" || head === "start")
      called.add(form.items[1] as string);
    if (head === "elem") for (const item of form.items) if (typeof item === "string") called.add(item);
  });
  return called;
}

function moveToLocal(func: Form, word: number): void {
  const local = `$word|${word}`;
  rewriteInside(func, (form) => {
    if (wordLoaded(form) === word) return { ...form, items: ["local.get", local] };
    if (wordStored(form) === word) return { ...form, items: ["local.set", local, operands(form)[1]!] };
    return form;
  });
  addLocals(func, [{ items: ["local", local, "i32"] }]);
}
