/**
 * Whether a variable is always stored before it is loaded, on every path through
 * a function of structured control flow.
 */
import { type Form, headOf, operands } from "./s-expression.js";

/** `null` stands for code that is never reached: anything holds there. */
type Assigned = boolean | null;

/** Recognises the instruction that stores or loads the variable. */
type IsAccess = (form: Form) => boolean;

/** @returns true when no path from the start of `func` reaches a load before a store */
export function definitelyAssigned(func: Form, isStore: IsAccess, isLoad: IsAccess): boolean {
  return !assignment(func, isStore, isLoad).loadedEarly;
}

/** What holds of a variable in one function. */
export interface Assignment {
  /** Whether a path from the start reaches a load before a store. */
  readonly loadedEarly: boolean;
  /** Whether it is stored on every path that comes back. */
  readonly always: boolean;
}

/** Follows every path through `func`. */
export function assignment(func: Form, isStore: IsAccess, isLoad: IsAccess): Assignment {
  const walker = new Walker(isStore, isLoad);
  const atEnd = walker.sequence(operands(func), false);
  return { loadedEarly: walker.loadedEarly, always: meet(atEnd, walker.atReturn) !== false };
}

function meet(a: Assigned, b: Assigned): Assigned {
  if (a === null) return b;
  if (b === null) return a;
  return a && b;
}

class Walker {
  loadedEarly = false;
  /** What holds at every `return`. */
  atReturn: Assigned = null;
  private readonly atLabel = new Map<string, Assigned>();

  constructor(
    readonly isStore: IsAccess,
    readonly isLoad: IsAccess,
  ) {}

  /** Walks forms in evaluation order. @returns what holds after the last one */
  sequence(forms: readonly Form[], before: Assigned): Assigned {
    return forms.reduce((assigned, form) => this.form(form, assigned), before);
  }

  private form(form: Form, before: Assigned): Assigned {
    switch (headOf(form)) {
      case "block":
        return this.block(form, before);
      case "loop":
        return this.sequence(operands(form), before);
      case "if":
        return this.branches(form, before);
      case "br":
      case "br_if":
      case "br_table":
        return this.jump(form, before);
      case "return":
        this.atReturn = meet(this.atReturn, this.sequence(operands(form), before));
        return null;
      case "unreachable":
        return null;
      default:
        return this.access(form, this.sequence(operands(form), before));
    }
  }

  private access(form: Form, before: Assigned): Assigned {
    if (this.isLoad(form) && before === false) this.loadedEarly = true;
    return this.isStore(form) ? true : before;
  }

  private block(form: Form, before: Assigned): Assigned {
    const label = form.items[1];
    if (typeof label === "string") this.atLabel.set(label, null);
    const after = this.sequence(operands(form), before);
    return typeof label === "string" ? meet(after, this.atLabel.get(label) ?? null) : after;
  }

  private branches(form: Form, before: Assigned): Assigned {
    const parts = operands(form).filter((part) => headOf(part) !== "result");
    const [condition, then, otherwise] = parts;
    const asked = this.form(condition!, before);
    const taken = this.sequence(operands(then!), asked);
    return meet(taken, otherwise ? this.sequence(operands(otherwise), asked) : asked);
  }

  /**
   * A jump to a loop's label goes back to where the entry's state holds; to a
   * block's label it joins the state after it.
   */
  private jump(form: Form, before: Assigned): Assigned {
    const after = this.sequence(operands(form), before);
    for (const item of form.items.slice(1)) {
      if (typeof item !== "string" || !this.atLabel.has(item)) continue;
      this.atLabel.set(item, meet(this.atLabel.get(item) ?? null, after));
    }
    return headOf(form) === "br_if" ? after : null;
  }
}
