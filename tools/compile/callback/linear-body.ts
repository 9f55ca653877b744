/**
 * Makes places inside of a function's body ones that the function can be entered at.
 *
 * Blocks and ifs only ever branch forward, so whatever encloses a place can begin where the body begins, and
 * a place is the end of a block that a table at the very start branches out of:
 *
 *     A; (if C (then B; PLACE D)); E    ⇒    (block $else
 *                                              (block $place
 *                                                (block $start (br_table $start $place (at)))
 *                                                A; (br_if $else (i32.eqz C)); B
 *                                              )
 *                                              D
 *                                            )
 *                                            E
 *
 * A loop with places is one itself, and has such a table of its own. What is not on the way to a place stays
 * as it is, and runs two instructions more: the table.
 */
import { type Form, headOf, operands } from "../passes/s-expression.js";

/** What becomes of a statement that waits. */
export interface Wait {
  /** The number that the function is entered with to go on there: above 0, and of no other wait. */
  readonly number: number;
  /** Runs in front of the place; comes to no end, or goes on with `joined`. */
  readonly before: readonly Form[];
  /** Runs from the place on. */
  readonly entered: readonly Form[];
  /** Runs behind either; null when what stands before comes to no end. */
  readonly joined: readonly Form[] | null;
}

/** How a body is told about waits. */
export interface Entering {
  readonly isWait: (form: Form) => boolean;
  /** Called once for each wait, in the order of the text. */
  readonly wait: (form: Form) => Wait;
  /** Makes a label that the function does not have. */
  readonly newLabel: () => string;
  /** The number that the function was entered with; 0 at its start, and from a place on. */
  readonly at: Form;
}

/** A body that `Entering` says nothing about: a wait inside of an expression, or a block with a result. */
export class NotLinear extends Error {}

/**
 * @returns the statements of `body`, enterable at each of its waits
 * @throws NotLinear
 */
export function linearBody(body: readonly Form[], entering: Entering): Form[] {
  return new Region(entering).build(body);
}

/** The statements from one table on. */
class Region {
  private readonly table: Form = { items: [] };
  private current: Form[] = [this.table];
  /** Where the table branches to, by number; null where it need not. */
  private readonly targets = new Map<number, string | null>();

  constructor(private readonly entering: Entering) {}

  build(body: readonly Form[]): Form[] {
    this.statements(body);
    this.table.items = this.dispatch();
    return this.current;
  }

  private dispatch(): Form["items"] {
    const { at, newLabel } = this.entering;
    const [only, ...others] = new Set(this.targets.values());
    if (others.length === 0) return only ? ["br_if", only, at] : ["nop"];
    const start = newLabel();
    const last = Math.max(...this.targets.keys());
    const table = Array.from({ length: last + 1 }, (_, number) => this.targets.get(number) ?? null);
    while (table.length > 2 && table.at(-1) === table.at(-2)) table.pop(); // the last one is for all above
    return ["block", start, { items: ["br_table", ...table.map((target) => target ?? start), at] }];
  }

  private statements(forms: readonly Form[]): void {
    for (const form of forms) this.statement(form);
  }

  private statement(form: Form): void {
    if (!contains(form, this.entering.isWait)) {
      this.current.push(form);
      return;
    }
    if (this.entering.isWait(form)) {
      this.wait(form);
      return;
    }
    switch (headOf(form)) {
      case "block":
        this.block(form);
        return;
      case "loop":
        this.loop(form);
        return;
      case "if":
        this.branches(form);
        return;
      default:
        throw new NotLinear(headOf(form));
    }
  }

  private wait(form: Form): void {
    const { number, before, entered, joined } = this.entering.wait(form);
    this.current.push(...before);
    const join = joined && this.entering.newLabel();
    if (join !== null) this.current.push({ items: ["br", join] });
    this.place([number]);
    this.current.push(...entered);
    if (join === null) return;
    this.close(join);
    this.current.push(...joined!);
  }

  private block(form: Form): void {
    requireNoResult(form);
    this.statements(operands(form));
    const label = form.items[1];
    if (typeof label === "string") this.close(label);
  }

  private loop(form: Form): void {
    requireNoResult(form);
    const numbers: number[] = [];
    const inner = new Region({
      ...this.entering,
      wait: (wait) => {
        const made = this.entering.wait(wait);
        numbers.push(made.number);
        return made;
      },
    });
    const body = inner.build(operands(form));
    this.place(numbers);
    const label = form.items.slice(1, 2).filter((item) => typeof item === "string");
    this.current.push({ ...form, items: ["loop", ...label, ...body] });
  }

  private branches(form: Form): void {
    requireNoResult(form);
    const [condition, then, otherwise] = operands(form);
    if (contains(condition!, this.entering.isWait)) throw new NotLinear("if");
    const orElse = this.entering.newLabel();
    this.current.push({ ...form, items: ["br_if", orElse, { items: ["i32.eqz", condition!] }] });
    this.statements(operands(then!));
    if (!otherwise) {
      this.close(orElse);
      return;
    }
    const end = this.entering.newLabel();
    this.current.push({ items: ["br", end] });
    this.close(orElse);
    this.statements(operands(otherwise));
    this.close(end);
  }

  /** From here on the function can be entered with these numbers. */
  private place(numbers: readonly number[]): void {
    const isStart = this.current.length === 1 && this.current[0] === this.table;
    const label = isStart ? null : this.entering.newLabel();
    if (label !== null) this.close(label);
    for (const number of numbers) this.targets.set(number, label);
  }

  /** All statements so far become a block: a branch to `label` goes on behind it. */
  private close(label: string): void {
    this.current = [{ items: ["block", label, ...this.current] }];
  }
}

function requireNoResult(form: Form): void {
  if (operands(form).some((part) => headOf(part) === "result")) throw new NotLinear(headOf(form));
}

/** Whether `form` or a form below it is one that `isWait` knows. */
export function contains(form: Form, isWait: (form: Form) => boolean): boolean {
  return isWait(form) || operands(form).some((inner) => contains(inner, isWait));
}
