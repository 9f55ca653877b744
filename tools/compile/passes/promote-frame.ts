/**
 * Moves words of a task's static frame into locals of the one function that uses them.
 *
 * An operation's handle and status lie at constant addresses beside its slot, because library code
 * reaches them through a pointer. Once everything is inlined, each access names a constant
 * address, and a word that no host copy can reach is a local variable in all but name. The slots
 * stay where they are: the host writes there.
 *
 * A bulk memory instruction or a call through a table, and everything stays in memory. Where the address of a
 * load, a store or a lent range has no bound, only words of the bindings' frames are moved, and of those that
 * nothing can reach so: no address in them becomes a value (`escaping-addresses.ts`). A word is moved when
 *
 *  1. every access to its bytes is an `i32.load` or `i32.store` of exactly that word,
 *  2. no range that a canonical built-in may touch, and no data segment, overlaps it,
 *  3. all accesses are in one function that only the host calls, and
 *  4. on every path that function stores the word before it loads it, so that no
 *     value lives on from call to call.
 */
import { type Form, addLocals, headOf, isForm, operands, rewriteInside, visitForms } from "./s-expression.js";
import { definitelyAssigned } from "./definite-assignment.js";
import { type Range, closedRanges } from "./escaping-addresses.js";
import { type Access, accessAddress, memoryAccesses } from "./memory-accesses.js";
import { constantOf } from "./possible-bits.js";

/**
 * A constant pointer argument of a canonical built-in: which argument, and how
 * many bytes the host may touch there.
 */
export interface LentArgument {
  readonly pointer: number;
  /** Bytes the host may touch, given the other arguments' constant values; null when it cannot be known. */
  readonly byteLength: (constants: readonly (number | null)[]) => number | null;
  /** Whether what lies there holds addresses that the host follows. */
  readonly follows?: boolean;
}

const EVERYTHING: Range = { from: 0, to: Infinity };

/** Which arguments of an imported function point into memory; null when that is not known. */
export type LentArguments = (module: string, name: string) => readonly LentArgument[] | null;

/**
 * Rewrites `module` in place.
 * @param frames where the bindings' frames lie
 * @returns the addresses of the words that became locals, ascending
 */
export function promoteFrame(
  module: Form,
  lentArguments: LentArguments,
  frames: readonly Range[] = [],
): number[] {
  const accesses = memoryAccesses(module);
  const lent = lentRanges(module, lentArguments);
  if (!accesses || !lent) return [];
  const isComplete = accesses.unbounded.length === 0 && lent.isComplete;
  const open = isComplete ? [EVERYTHING] : closedRanges(module, frames, accesses, lent.isLent);
  const taken = [...lent.ranges, ...dataRanges(module)];
  const callable = internallyCalled(module);
  const words = new Set(accesses.known.map(({ address }) => address));
  const promoted: number[] = [];
  for (const word of [...words].sort((a, b) => a - b)) {
    const touching = accesses.known.filter((access) => overlaps(word, access));
    const func = touching[0]!.func;
    const movable =
      open.some(({ from, to }) => from <= word && word + 4 <= to) &&
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

function wordLoaded(form: Form): number | null {
  return headOf(form) === "i32.load" ? accessAddress(form) : null;
}

function wordStored(form: Form): number | null {
  return headOf(form) === "i32.store" ? accessAddress(form) : null;
}

/** What calls lend to the host. */
interface Lent {
  readonly ranges: readonly Range[];
  /** Whether that is all: each address is a constant, and nothing there is an address that is followed. */
  readonly isComplete: boolean;
  /** Whether an argument of an imported function is an address of which `ranges` has what is lent. */
  readonly isLent: (name: string, argument: number) => boolean;
}

/** Null when calls are made that are not known. */
function lentRanges(module: Form, lentArguments: LentArguments): Lent | null {
  const imports = importsOf(module, lentArguments);
  const ranges: Range[] = [];
  let isComplete = true;
  let opaque = false;
  visitForms(module, (form) => {
    if (headOf(form) === "call_indirect") opaque = true;
    if (headOf(form) !== "call") return;
    const lent = imports.get(form.items[1] as string);
    if (lent === undefined) return;
    if (lent === null) {
      isComplete = false;
      return;
    }
    const constants = operands(form).map(constantOf);
    for (const argument of lent) {
      const from = constants[argument.pointer] ?? null;
      const byteLength = argument.byteLength(constants);
      if (from === null || byteLength === null || argument.follows === true) isComplete = false;
      if (from !== null) ranges.push({ from, to: byteLength === null ? Infinity : from + byteLength });
    }
  });
  const isLent = (name: string, index: number): boolean =>
    (imports.get(name) ?? []).some(({ pointer }) => pointer === index);
  return opaque ? null : { ranges, isComplete, isLent };
}

/** What each imported function lends, by its name in the module. */
function importsOf(module: Form, lentArguments: LentArguments): Map<string, readonly LentArgument[] | null> {
  const imports = new Map<string, readonly LentArgument[] | null>();
  for (const form of operands(module)) {
    const [, moduleName, name, item] = form.items;
    if (headOf(form) !== "import" || !isForm(item, "func")) continue;
    imports.set(
      item.items[1] as string,
      lentArguments(unquote(moduleName as string), unquote(name as string)),
    );
  }
  return imports;
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
