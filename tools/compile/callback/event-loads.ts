/**
 * What a task reads of an event right behind its wait: it takes that from the parameters of its callback, so
 * it need not be in memory.
 */
import { type Form, headOf, operands, visitForms } from "../passes/s-expression.js";
import { accessAddress } from "../passes/memory-accesses.js";

/** What an event consists of: all but its code is in memory after a wait. */
export type EventPart = "code" | EventWord;

/** What of it is in memory. */
export type EventWord = "waitable" | "payload";

/** In bytes from where a host writes it. Spec: CanonicalABI.md, unpack_event */
export const EVENT_WORDS: Readonly<Record<EventWord, number>> = { waitable: 0, payload: 4 };

const WORDS = Object.keys(EVENT_WORDS) as readonly EventWord[];

/**
 * Replaces loads of an event that are evaluated right behind the wait for it, before anything else is done.
 * @param eventBehind where the event is written that a statement waits for; null when it does not wait
 * @param parameters the locals that have the event
 * @returns the words that were replaced
 */
export function takeFromParameters(
  body: Form,
  eventBehind: (statement: Form) => number | null,
  parameters: Readonly<Record<EventWord, string>>,
): Set<EventWord> {
  const taken = new Set<EventWord>();
  const sequence = (statements: readonly Form[]): void => {
    statements.forEach((statement, index) => {
      sequence(operands(statement));
      const event = eventBehind(statement);
      if (event === null) return;
      for (const load of loadedFirst(statements.slice(index + 1))) {
        const word = WORDS.find((each) => accessAddress(load) === event + EVENT_WORDS[each]);
        if (word === undefined) continue;
        load.items = ["local.get", parameters[word]];
        taken.add(word);
      }
    });
  };
  sequence(operands(body));
  return taken;
}

/**
 * The words of the event at `event` that a module loads. Its address is the guest library's alone, which
 * names it where it loads: a constant in each load.
 */
export function wordsLoaded(module: Form, event: number): Set<EventWord> {
  const loaded = new Set<EventWord>();
  visitForms(module, (form) => {
    const [, bits] = /^[if](32|64)\.load/.exec(headOf(form)) ?? [];
    const address = bits === undefined ? null : accessAddress(form);
    if (address === null) return;
    for (const word of WORDS) {
      const begin = event + EVENT_WORDS[word];
      if (address < begin + 4 && begin < address + Number(bits) / 8) loaded.add(word);
    }
  });
  return loaded;
}

/** What has no effect but on locals, once its operands are evaluated. */
const PLAIN = /^(i32\.(?!load|store)\w+|local\.(set|tee|get)|br_if|drop|nop|block|result)$/;

/** Loads of statements in front of which nothing has an effect but on locals. */
function loadedFirst(statements: readonly Form[]): Form[] {
  const loads: Form[] = [];
  /** @returns whether what follows is still evaluated first */
  const evaluate = (form: Form): boolean => {
    const head = headOf(form);
    if (head === "loop") return false;
    if (head === "i32.load") loads.push(form);
    const parts = operands(form);
    const first = head === "if" ? parts.filter((part) => headOf(part) !== "result").slice(0, 1) : parts;
    return first.every(evaluate) && (head === "i32.load" || PLAIN.test(head));
  };
  statements.every(evaluate);
  return loads;
}
