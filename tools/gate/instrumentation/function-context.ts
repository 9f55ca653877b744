/**
 * What the gate's passes over a function share: the list of its places, its new
 * locals, and the forms that they are made of.
 */
import { type Form, addLocals, headOf, operands } from "../../compile/passes/s-expression.js";
import { isGuestSource } from "./guest-lines.js";
import type { Site } from "./site.js";

/** Import module of what the library announces. */
export const CHECK = "rill-check";

/** The functions that `module` defines. */
export function functionsOf(module: Form): Form[] {
  return operands(module).filter((form) => headOf(form) === "func");
}

/** Adds one site and makes fresh locals for one function. */
export class FunctionContext {
  /** Name of the function or import. */
  readonly name: string;
  private fresh = 0;
  private readonly locals: Form[] = [];

  constructor(
    readonly func: Form,
    readonly sites: Site[],
    readonly prefix = "$gate|",
  ) {
    this.name = plain(func.items[1] as string);
  }

  /** Number of the place in the source. */
  site(kind: Site["kind"], form: Form, offset = 0, byteLength = 0): number {
    const position = form.position?.trim() ?? "";
    const own = kind === "loop" ? firstPosition(form, isGuestSource) : "";
    const near =
      own || position || firstPosition(form, (_, inner) => !isVariable(inner)) || firstPosition(form);
    this.sites.push({
      kind,
      position,
      near,
      func: this.name,
      offset,
      byteLength,
      copies: false,
      frameByteLength: 0,
      prunable: true,
    });
    return this.sites.length - 1;
  }

  /** Makes a local; `declare` writes it down. @returns its name */
  local(type: string): string {
    const name = `${this.prefix}${this.fresh++}`;
    this.locals.push({ items: ["local", name, type] });
    return name;
  }

  /** Adds the new locals to the function. */
  declare(): void {
    addLocals(this.func, this.locals);
  }
}

/** An optimiser moves variables: where one stands is often the place of another line. */
function isVariable(form: Form): boolean {
  return headOf(form) === "local.get";
}

/** The first position below `form` that is `wanted`; empty when there is none. */
function firstPosition(form: Form, wanted: (position: string, inner: Form) => boolean = () => true): string {
  for (const inner of operands(form)) {
    const position = inner.position?.trim() ?? "";
    const found = position && wanted(position, inner) ? position : firstPosition(inner, wanted);
    if (found) return found;
  }
  return "";
}

function plain(word: string): string {
  const bare = word.slice(1);
  return bare.startsWith('"') ? (JSON.parse(bare) as string) : bare;
}

/** `(local.get NAME)`. */
export function get(name: string): Form {
  return { items: ["local.get", name] };
}

/** `(local.set NAME VALUE)`. */
export function set(name: string, value: Form): Form {
  return { items: ["local.set", name, value] };
}

/** `(i32.const VALUE)`. */
export function constant(value: number): Form {
  return { items: ["i32.const", String(value)] };
}
