/** What names stand for: its type, a part of it, and whether the guest has taken it back. */
import { fieldsOf, innerTypes, typesEqual } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { witType } from "../../wit/wit-type.js";
import { CallMismatch, type Word } from "./call-text.js";
import type { Reference } from "./planned-call.js";

/** Something that a name stood for, and the call that it was given to. */
interface Gone {
  readonly place: string;
  readonly by: string;
}

/** The names that calls have given so far. */
export class NameTypes {
  private readonly types = new Map<string, ValueType>();
  private gone: Gone[] = [];

  /** Those there are. */
  get names(): readonly string[] {
    return [...this.types.keys()];
  }

  /** Whether it is one of them. */
  has(name: string): boolean {
    return this.types.has(name);
  }

  /** Gives a name to what a call returns. */
  add(name: string, type: ValueType): void {
    this.types.set(name, type);
  }

  /** The type of what a word stands for; null when it is no name. @throws CallMismatch for a wrong path */
  typeOf({ label, path, at }: Pick<Word, "label" | "path" | "at">): ValueType | null {
    const type = this.types.get(label);
    if (type === undefined) return null;
    return path.reduce((whole, step) => {
      const part = partOf(inside(whole), step);
      if (part === null)
        throw new CallMismatch(`${label} is of the type ${witType(type)}, which has no ${step}`, at);
      return part;
    }, type);
  }

  /**
   * The word as a value of type `to`, and it is gone from here on when that owns something.
   * @param by the call that it is given to
   * @throws CallMismatch when it is of another type, or gone
   */
  refer(word: Word, to: ValueType, by: string): Reference {
    const { label: name, path, at } = word;
    const found = this.typeOf(word)!;
    const written = [name, ...path].join(".");
    if (!fits(found, to) && !fits(inside(found), to))
      throw new CallMismatch(`${written} is of the type ${witType(found)}, not ${witType(to)}`, at);
    if (holds(to, ["own", "borrow"])) this.refuseGone(written, at);
    if (holds(to, ["own"])) this.gone.push({ place: written, by });
    return { name, path, from: this.types.get(name)!, to };
  }

  private refuseGone(written: string, at: number): void {
    const taken = this.gone.find(
      ({ place }) => `${place}.`.startsWith(`${written}.`) || `${written}.`.startsWith(`${place}.`),
    );
    if (taken !== undefined) throw new CallMismatch(`${written} is gone: "${taken.by}" has taken it`, at);
  }
}

/** Whether a value of the type may be given where `to` is wanted. */
export function fits(found: ValueType, to: ValueType): boolean {
  const isLent = to.kind === "borrow" && found.kind === "own";
  return isLent ? typesEqual(found, { kind: "own", resource: to.resource }) : typesEqual(found, to);
}

/** The type inside an option, or of a result that is ok: a name stands for it, too. */
export function inside(type: ValueType): ValueType {
  if (type.kind === "option") return type.type;
  return type.kind === "result" && type.ok !== null ? type.ok : type;
}

/** A field of a record, or a place of a tuple or list; null where there is none. */
export function partOf(type: ValueType, step: string): ValueType | null {
  if (type.kind === "list") return /^\d+$/.test(step) ? type.element : null;
  if (type.kind !== "record" && type.kind !== "tuple") return null;
  return fieldsOf(type).find(({ name }) => name === step)?.type ?? null;
}

function holds(type: ValueType, kinds: readonly string[]): boolean {
  return kinds.includes(type.kind) || innerTypes(type).some((inner) => holds(inner, kinds));
}
