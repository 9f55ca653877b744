/**
 * Which tasks of a guest may wait before they have answered: whoever calls one can cancel it meanwhile. After
 * its answer nobody can, so a guest that always answers first needs nothing to hear a cancellation with.
 */
import { REALLOC, asyncLifted } from "../wit/canonical-names.js";
import { type CompileInput, type Compiled, compileGuest } from "./compile.js";
import { canonicalField } from "./callback/expected-events.js";
import { TASK_BASES } from "./callback/task-addresses.js";
import type { ExportName } from "./link.js";
import { hasBlocks } from "./task-count.js";
import { PAUSE, WAIT } from "./module-parts.js";
import { assignment } from "./passes/definite-assignment.js";
import { type Form, headOf, operands, parseForm } from "./passes/s-expression.js";

/** How the tasks of a guest wait, and how many there may be at once. */
export interface Strategy {
  readonly wait?: "wait" | "callback" | undefined;
  readonly tasks?: number | undefined;
}

/**
 * asc's part of a build, with what the strategy asks of the guest library: a guest that is called back and
 * can be cancelled is compiled once more, with the code to hear it; one of several tasks at both of
 * TASK_BASES.
 */
export async function compileForStrategy(
  given: CompileInput,
  exports: readonly ExportName[],
  { wait, tasks }: Strategy,
): Promise<Compiled> {
  const isAsync = exports.every(
    ({ canonical }) => /^\[(async-lift|callback)\]/.test(canonical) || canonical === REALLOC,
  );
  const input = { ...given, isAsync };
  const [base, other] = hasBlocks(tasks) ? TASK_BASES : [null, null];
  let constants: Record<string, number> = {
    ...input.constants,
    ...(wait === "callback" && { RILL_CALLBACK: 1 }),
  };
  let compiled = await compileGuest({ ...input, constants, taskBase: base });
  if (wait === "callback" && unansweredWaits(compiled.text, exports).length > 0) {
    constants = { ...constants, RILL_CANCEL: 1 };
    compiled = await compileGuest({ ...input, constants, taskBase: base });
  }
  if (other === null) return compiled;
  return { ...compiled, elsewhere: await compileGuest({ ...input, constants, taskBase: other }) };
}

/** What is known of one function. */
interface Summary {
  /** Whether it may wait on a way that has not answered. */
  readonly waits: boolean;
  /** Whether every way through it answers. */
  readonly answers: boolean;
}

/**
 * @param text    the module as asc leaves it
 * @param exports the guest's
 * @returns canonical names of the lifted functions whose task may wait before it has answered
 */
export function unansweredWaits(text: string, exports: readonly ExportName[]): string[] {
  const module = new Summaries(operands(parseForm(text)));
  return exports
    .filter(({ canonical }) => asyncLifted(canonical) !== null)
    .filter(({ internal }) => module.exported(internal).waits)
    .map(({ canonical }) => canonical);
}

class Summaries {
  private readonly functions = new Map<string, Form>();
  private readonly exports = new Map<string, string>();
  private readonly known = new Map<string, Summary>();

  constructor(forms: readonly Form[]) {
    for (const form of forms) {
      const [head, first, second] = form.items;
      if (head === "func") this.functions.set(first as string, form);
      if (head === "export")
        this.exports.set(JSON.parse(first as string) as string, operands(form)[0]!.items[1] as string);
      if (head === "import") {
        const field = JSON.parse(second as string) as string;
        const name = operands(form)[0]!.items[1] as string;
        this.known.set(name, {
          waits: canonicalField(field) === WAIT || field === PAUSE,
          answers: field.startsWith("[task-return]"),
        });
      }
    }
  }

  exported(name: string): Summary {
    return this.of(this.exports.get(name)!);
  }

  private of(name: string): Summary {
    const found = this.known.get(name);
    if (found) return found;
    // What a function does that calls itself, it does on the way that does not.
    this.known.set(name, { waits: false, answers: false });
    const callee = (form: Form): Summary | null =>
      headOf(form) === "call" ? this.of(form.items[1] as string) : null;
    const isWait = (form: Form): boolean =>
      headOf(form) === "call_indirect" || (callee(form)?.waits ?? false);
    const { loadedEarly, always } = assignment(
      this.functions.get(name)!,
      (form) => callee(form)?.answers ?? false,
      isWait,
    );
    const summary = { waits: loadedEarly, answers: always };
    this.known.set(name, summary);
    return summary;
  }
}
