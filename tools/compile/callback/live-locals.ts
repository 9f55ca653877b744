/**
 * Which locals a function still reads after it has waited: what has to be kept meanwhile.
 *
 * The function's control flow is structured, so it is walked from its end to its start, once a loop until
 * nothing changes any more.
 */
import { type Form, headOf, isForm, operands } from "../passes/s-expression.js";

type Locals = ReadonlySet<string>;

const NONE: Locals = new Set();

/**
 * @param isWait recognises the statement that waits
 * @returns for each such statement the locals whose values are read on some way behind it, in the order of
 * their names; a local that the statement itself sets is not among them
 */
export function liveBehindWaits(func: Form, isWait: (form: Form) => boolean): Map<Form, string[]> {
  const walker = new Walker(isWait);
  walker.sequence(operands(func), NONE);
  return new Map([...walker.behind].map(([form, locals]) => [form, [...locals].sort()]));
}

/** The locals that `forms`, which run to the end of a function, may read before they set them. */
export function liveBefore(forms: readonly Form[]): ReadonlySet<string> {
  return new Walker(() => false).sequence(forms, NONE);
}

class Walker {
  readonly behind = new Map<Form, Locals>();
  /** What is live where a branch to a label goes on. */
  private readonly atLabel = new Map<string, Locals>();

  constructor(private readonly isWait: (form: Form) => boolean) {}

  /** Walks forms against the order of evaluation. @returns what is live before the first one */
  sequence(forms: readonly Form[], after: Locals): Locals {
    return forms.reduceRight((live, form) => this.form(form, live), after);
  }

  private form(form: Form, after: Locals): Locals {
    if (this.isWait(form)) {
      const known = this.behind.get(form) ?? NONE;
      this.behind.set(form, union(known, headOf(form) === "local.set" ? without(after, form) : after));
    }
    switch (headOf(form)) {
      case "block":
        return this.block(form, after);
      case "loop":
        return this.loop(form, after);
      case "if":
        return this.branches(form, after);
      case "br":
      case "br_table":
        return this.sequence(operands(form), this.targets(form));
      case "br_if":
        return this.sequence(operands(form), union(this.targets(form), after));
      case "return":
      case "unreachable":
        return this.sequence(operands(form), NONE);
      case "local.get":
        return union(after, new Set([form.items[1] as string]));
      case "local.set":
      case "local.tee":
        return this.sequence(operands(form), without(after, form));
      default:
        return this.sequence(operands(form), after);
    }
  }

  private block(form: Form, after: Locals): Locals {
    const label = form.items[1];
    if (typeof label === "string") this.atLabel.set(label, after);
    return this.sequence(operands(form), after);
  }

  private loop(form: Form, after: Locals): Locals {
    const label = form.items[1] as string;
    let live: Locals = this.atLabel.get(label) ?? NONE;
    for (;;) {
      this.atLabel.set(label, live);
      const before = union(live, this.sequence(operands(form), after));
      if (before.size === live.size) return before;
      live = before;
    }
  }

  private branches(form: Form, after: Locals): Locals {
    const [condition, then, otherwise] = operands(form).filter((part) => headOf(part) !== "result");
    const taken = this.sequence(operands(then!), after);
    const other = isForm(otherwise) ? this.sequence(operands(otherwise), after) : after;
    return this.form(condition!, union(taken, other));
  }

  private targets(form: Form): Locals {
    return form.items
      .slice(1)
      .filter((item) => typeof item === "string")
      .reduce<Locals>((live, label) => union(live, this.atLabel.get(label) ?? NONE), NONE);
  }
}

function union(a: Locals, b: Locals): Locals {
  return b.size === 0 ? a : new Set([...a, ...b]);
}

function without(locals: Locals, assignment: Form): Locals {
  return new Set([...locals].filter((local) => local !== assignment.items[1]));
}
