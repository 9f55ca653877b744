/**
 * The WebAssembly text format as a tree, just enough for the passes of this folder: Binaryen prints a
 * module, a pass rewrites the tree, Binaryen parses it again. Source positions
 * (`;;@ file:line:column`) stay with the node they precede.
 */

/** One parenthesised form: its head and arguments. `position` is the source annotation in front of it. */
export interface Form {
  items: Node[];
  position?: string;
}

/** An atom (word or quoted string, as written) or a form. */
export type Node = string | Form;

/** Whether `node` is a form whose head is `head`. */
export function isForm(node: Node | undefined, head?: string): node is Form {
  return typeof node === "object" && (head === undefined || node.items[0] === head);
}

/** The instruction or keyword that opens `form`. */
export function headOf(form: Form): string {
  return form.items[0] as string;
}

/** The forms among the arguments of `form`: an instruction's operands, a block's body. */
export function operands(form: Form): Form[] {
  return form.items.filter((item): item is Form => typeof item === "object");
}

/** What stands in a function before its body. */
const declarations: ReadonlySet<string> = new Set(["type", "export", "param", "result", "local"]);

/** Where a function's body begins among its items. */
export function bodyStart(func: Form): number {
  const body = func.items.findIndex((item) => isForm(item) && !declarations.has(headOf(item)));
  return body < 0 ? func.items.length : body;
}

/** Declares more locals in a function, behind those that it has. */
export function addLocals(func: Form, locals: readonly Form[]): void {
  func.items.splice(bodyStart(func), 0, ...locals);
}

const token = /;;@([^\n]*)|;;[^\n]*|\(;[\s\S]*?;\)|[()]|\$?"(?:[^"\\]|\\.)*"|[^\s()";]+/g;

/** Reads one form, usually `(module ...)`, from text as Binaryen prints it. */
export function parseForm(text: string): Form {
  const root: Form = { items: [] };
  const open: Form[] = [root];
  let position: string | undefined;
  for (const match of text.matchAll(token)) {
    const word = match[0];
    const top = open[open.length - 1]!;
    if (word === "(") {
      const form: Form = position === undefined ? { items: [] } : { items: [], position };
      position = undefined;
      top.items.push(form);
      open.push(form);
    } else if (word === ")") {
      position = undefined;
      open.pop();
    } else if (match[1] !== undefined) {
      position = match[1];
    } else if (!word.startsWith(";;") && !word.startsWith("(;")) {
      top.items.push(word);
    }
  }
  return root.items[0] as Form;
}

/** Prints a form so that Binaryen can parse it, source positions included. */
export function printForm(form: Form): string {
  const out: string[] = [];
  print(form, out);
  return out.join("");
}

function print(form: Form, out: string[]): void {
  if (form.position !== undefined) out.push(`\n;;@${form.position}\n`);
  out.push("(");
  form.items.forEach((item, index) => {
    if (index > 0) out.push(" ");
    if (typeof item === "string") out.push(item);
    else print(item, out);
  });
  out.push(")");
}

/**
 * Replaces every form below `form` (not `form` itself), innermost first, by what `rewrite` answers for it.
 */
export function rewriteInside(form: Form, rewrite: (inner: Form) => Node): void {
  form.items = form.items.map((item) => {
    if (typeof item === "string") return item;
    rewriteInside(item, rewrite);
    return rewrite(item);
  });
}

/** Calls `visit` for `form` and every form below it, outermost first. */
export function visitForms(form: Form, visit: (inner: Form) => void): void {
  visit(form);
  for (const inner of operands(form)) visitForms(inner, visit);
}
