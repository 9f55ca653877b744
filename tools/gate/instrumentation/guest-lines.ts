/**
 * Remembers which line of the guest's own source called into the library.
 *
 * Inlining leaves canonical calls with the library's positions alone. Before it, every call, `unreachable`
 * and division that stands in the guest's sources is preceded by a store of its place to a global, which the
 * trace then shows. The global is exported, or the optimiser, which sees nobody read it, would take the
 * stores away. What asc inlines by itself is a block with a label that says so.
 */
import {
  type Form,
  addLocals,
  headOf,
  isForm,
  operands,
  parseForm,
  printForm,
  rewriteInside,
  visitForms,
} from "../../compile/passes/s-expression.js";

/** The global that holds the index of the place. */
export const LINE_GLOBAL = "$gate|line";
/** The name that it is exported under. */
export const LINE_EXPORT = "gate|line";

/** @returns the module's text, and the places by index; index 0 is none */
export function markGuestLines(text: string): { readonly text: string; readonly lines: readonly string[] } {
  const module = parseForm(text);
  const lines = [""];
  const signatures = signaturesOf(module);
  for (const func of operands(module).filter((form) => headOf(form) === "func")) {
    const locals: Form[] = [];
    const positions = new Map<Form, string>();
    findPositions(func, "", positions);
    markTraps(func, positions, lines);
    rewriteInside(func, (form) => {
      const signature = signatureOf(form, signatures);
      const position = positions.get(form) ?? "";
      const divided = /^(i32|i64)\.(?:div|rem)_[su]$/.exec(headOf(form))?.[1];
      if (divided !== undefined && isGuestSource(position))
        return { items: ["block", { items: ["result", divided] }, mark(lines.push(position) - 1), form] };
      if (!signature || !(isGuestSource(position) || isEntry(position))) return form;
      const index = isEntry(position) ? 0 : lines.push(position) - 1;
      markAfterOperands(form, signature, index, locals);
      const type: Form[] = signature.result === undefined ? [] : [{ items: ["result", signature.result] }];
      return { items: ["block", ...type, mark(index), form] };
    });
    addLocals(func, locals);
  }
  const zero: Form = { items: ["i32.const", "0"] };
  const defined = module.items.findIndex(
    (item) => typeof item === "object" && !["type", "import", "rec"].includes(headOf(item)),
  );
  module.items.splice(defined, 0, { items: ["global", LINE_GLOBAL, { items: ["mut", "i32"] }, zero] });
  const target: Form = { items: ["global", LINE_GLOBAL] };
  module.items.push({ items: ["export", JSON.stringify(LINE_EXPORT), target] });
  return { text: printForm(module), lines };
}

/**
 * The position of each form below `form`: one without has that of the form around
 * it, as a call whose result is dropped.
 */
function findPositions(form: Form, around: string, positions: Map<Form, string>): void {
  const position = form.position?.trim() || around;
  positions.set(form, position);
  for (const inner of operands(form)) findPositions(inner, position, positions);
}

/** Marks each `unreachable` of the guest's own: what an `assert` or a `throw` of its sources ends in. */
function markTraps(func: Form, positions: ReadonlyMap<Form, string>, lines: string[]): void {
  visitForms(func, (form) => {
    if (!["func", "block", "loop", "then", "else"].includes(headOf(form))) return;
    form.items = form.items.flatMap((item) => {
      const position = typeof item === "object" ? (positions.get(item) ?? "") : "";
      if (!isForm(item, "unreachable") || !isGuestSource(position)) return [item];
      return [mark(lines.push(position) - 1), item];
    });
  });
}

function mark(index: number): Form {
  return { items: ["global.set", LINE_GLOBAL, { items: ["i32.const", String(index)] }] };
}

/**
 * When an operand of a call calls something itself, that has left its own place: the
 * call's is set again behind the last operand.
 */
function markAfterOperands(call: Form, { params }: Signature, index: number, locals: Form[]): void {
  const last = call.items.length - 1;
  if (headOf(call) !== "call" || !operands(call).some(setsLine)) return;
  const name = `$gate-line|${locals.length}`;
  const type = params.at(-1)!;
  locals.push({ items: ["local", name, type] });
  call.items[last] = {
    items: [
      "block",
      { items: ["result", type] },
      { items: ["local.set", name, call.items[last]!] },
      mark(index),
      { items: ["local.get", name] },
    ],
  };
}

function setsLine(form: Form): boolean {
  let sets = false;
  visitForms(form, (inner) => {
    sets ||= headOf(inner) === "global.set" && inner.items[1] === LINE_GLOBAL;
  });
  return sets;
}

/** Whether a position is in the guest's own files: not the library, not bindings, not the generated entry. */
export function isGuestSource(position: string): boolean {
  return position !== "" && !/^(~lib\/|bindings\/|rill-entry\.ts)/.test(position);
}

/** The generated entry: what it calls beside the guest's functions is nobody's line. */
function isEntry(position: string): boolean {
  return position.startsWith("rill-entry.ts");
}

interface Signature {
  readonly params: readonly string[];
  readonly result: string | undefined;
}

/** Of a call, or of a block that asc has inlined a call as; undefined for anything else. */
function signatureOf(form: Form, signatures: ReadonlyMap<string, Signature>): Signature | undefined {
  const name = form.items[1];
  if (headOf(form) === "call") return signatures.get(name as string);
  const inlined = headOf(form) === "block" && typeof name === "string" && /\|inlined\.\d+"?$/.test(name);
  return inlined ? { params: [], result: wordsOf(form, "result")[0] } : undefined;
}

function signaturesOf(module: Form): Map<string, Signature> {
  const signatures = new Map<string, Signature>();
  for (const form of operands(module)) {
    const func = headOf(form) === "import" ? (form.items[3] as Form) : form;
    if (headOf(func) !== "func") continue;
    const params = wordsOf(func, "param").filter((word) => !word.startsWith("$"));
    signatures.set(func.items[1] as string, { params, result: wordsOf(func, "result")[0] });
  }
  return signatures;
}

function wordsOf(form: Form, head: string): string[] {
  return operands(form)
    .filter((part) => headOf(part) === head)
    .flatMap((part) => part.items.slice(1) as string[]);
}
