/**
 * How a function that is entered again knows at which of its waits: each has a number, and 0 is its start.
 *
 * A global has the number, or the block of a task. Where each wait is for another event (expected-events.ts),
 * the number is the event's code, which the host passes: it is in no memory, and nothing is done where the
 * function is left.
 */
import { parseAll } from "../module-parts.js";
import { type Form, headOf, isForm, operands, parseForm, visitForms } from "../passes/s-expression.js";

/** The number of the place where a function is entered. */
export interface EntryNumber {
  /** Its value, as text. */
  readonly value: string;
  /** The number of the wait that is a call of `callee`; asked once for each, in the order of the text. */
  readonly of: (callee: string) => number;
  /** Statements in front of what leaves the function at the wait `number`. */
  readonly leave: (number: number) => Form[];
  /** Statements from a place on: from now on the function is as one that has begun. */
  readonly clear: () => Form[];
}

/** One that is kept in a global. */
export function keptNumber(global: string): EntryNumber {
  let last = 0;
  const set = (number: number): Form[] => parseAll(`(global.set ${global} (i32.const ${number}))`);
  return { value: `(global.get ${global})`, of: () => ++last, leave: set, clear: () => set(0) };
}

/** What is asked of the functions that are called. */
interface Callees {
  readonly kindOf: (callee: string) => "wait" | "pause" | "inner" | null;
  /** The code of the event that a function waits for; null when it is not known. */
  readonly expected: (callee: string) => number | null;
}

/**
 * The code of the event in the local `code`.
 * @returns null where that says not enough: something else is waited for, or the code is asked for
 */
export function eventNumber(body: Form, code: string, { kindOf, expected }: Callees): EntryNumber | null {
  const codes: (number | null)[] = [];
  let dropped = 0;
  const kind = (form: Form | undefined): ReturnType<typeof kindOf> =>
    isForm(form, "call") ? kindOf(form.items[1] as string) : null;
  visitForms(body, (form) => {
    if (kind(form) !== null) codes.push(expected(form.items[1] as string));
    if (headOf(form) === "drop" && kind(operands(form)[0]) !== null) dropped++;
  });
  if (dropped < codes.length || codes.includes(null) || new Set(codes).size < codes.length) return null;
  return {
    value: `(local.get ${code})`,
    of: (callee) => expected(callee)!,
    leave: () => [],
    clear: () => [parseForm(`(local.set ${code} (i32.const 0))`)],
  };
}
