/**
 * Which addresses of static memory become values that code may compute with.
 *
 * A computed address comes from the address of the thing that it reaches: AssemblyScript's arrays and strings
 * are bounded, and whoever goes beyond with raw loads and stores breaks more than this. So memory of which no
 * address becomes a value is reached by nothing but the accesses and lent arguments that name it.
 *
 * Binaryen folds what is added to such an address into the constant, and `a[i - 4]`, as `i * 4 + (a - 16)`,
 * might lie outside the frame that it reaches. No frame is reached so:
 *
 *  - A guest's own code has addresses of a frame as references alone, with which AssemblyScript does not
 *    compute. Where it may make numbers of them, none of its frames is asked for here (`movable-frames.ts`).
 *  - Bindings compute with addresses only for items of lists of fixed length. They compare the index first,
 *    so it is a value of its own and nothing of it goes into the constant; where Binaryen sees that the index
 *    is in bounds and drops the comparison, the part of it that goes there is in bounds, too.
 *  - The library computes with slots' addresses where it copies bytes, from the first or down from the last.
 */
import { type Accesses, constantParameters, functionsOf, loadOrStore } from "./memory-accesses.js";
import { constantOf } from "./possible-bits.js";
import { type Form, headOf, isForm, operands, visitForms } from "./s-expression.js";

/** A piece of memory: from its first byte to the one behind its last. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Which arguments of a function are addresses that are followed elsewhere. */
type Followed = (name: string, argument: number) => boolean;

/** What a constant that is the right operand of these is: a shift, a mask, a factor, a limit; no address. */
const countsOnly = /^i32\.(shl|shr_[su]|rot[lr]|and|mul|(div|rem)_[su])$/;

/** What an i32 that is an operand of these is no longer. */
const compares = /^i32\.(eqz?|ne|[lg][te]_[su])$/;

/**
 * Those of `ranges` of which no address becomes a value.
 * @param isLent whether an argument of an imported function is lent, and the range with it
 */
export function closedRanges(
  module: Form,
  ranges: readonly Range[],
  { unbounded }: Accesses,
  isLent: Followed,
): Range[] {
  const escaped = new Set<number>(unbounded);
  const isBase = baseParameters(module);
  const visit = (form: Form): void => {
    operands(form).forEach((operand, index) => {
      const constant = constantOf(operand);
      if (constant === null) visit(operand);
      else if (!isNoValue(form, index, (name, at) => isBase(name, at) || isLent(name, at)))
        escaped.add(constant);
    });
  };
  visit(module);
  return ranges.filter(({ from, to }) => ![...escaped].some((address) => from <= address && address < to));
}

/** Whether a constant operand of `form` is an address that is followed, or none. */
function isNoValue(form: Form, index: number, isFollowed: Followed): boolean {
  const head = headOf(form);
  if (loadOrStore.test(head)) return index === 0;
  if (head === "call") return isFollowed(form.items[1] as string, index);
  return compares.test(head) || (index === 1 && countsOnly.test(head)) || head === "data";
}

/** Whether a parameter is the address of loads and stores alone, and every caller gives a constant for it. */
function baseParameters(module: Form): Followed {
  const constants = constantParameters(module);
  const positions = new Map<string, ReadonlySet<number>>();
  for (const func of functionsOf(module)) {
    const params = operands(func)
      .filter((form) => headOf(form) === "param")
      .map((param) => param.items[1] as string);
    const valued = valuedLocals(func);
    const bases = params.flatMap((name, index) =>
      constants.get(func)!.has(name) && !valued.has(name) ? [index] : [],
    );
    positions.set(func.items[1] as string, new Set(bases));
  }
  return (name, argument) => positions.get(name)?.has(argument) === true;
}

/** The locals that are read for anything but the address of a load or store. */
function valuedLocals(func: Form): Set<string> {
  const valued = new Set<string>();
  visitForms(func, (form) => {
    operands(form).forEach((operand, index) => {
      if (isForm(operand, "local.get") && !(index === 0 && loadOrStore.test(headOf(form))))
        valued.add(operand.items[1] as string);
    });
  });
  return valued;
}
