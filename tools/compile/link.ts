/**
 * Gives the module its canonical face: the host's names for exports, and the
 * globals that let WAMR shrink linear memory.
 */
import { type Form, headOf, operands, parseForm, printForm } from "./passes/s-expression.js";

/** AssemblyScript's name of an export and the name that the Component Model wants. */
export interface ExportName {
  readonly internal: string;
  readonly canonical: string;
  /**
   * The guest's function behind it: its place, `FILE:LINE:COLUMN`, and its name;
   * where it has to answer through task.return.
   */
  readonly answers?: { readonly where: string; readonly name: string };
}

/**
 * WAMR rounds `__data_end` up to a multiple of this, and shrinks nothing when that lies above `__heap_base`.
 */
const MEMORY_ALIGNMENT = 16;

/**
 * Renames the exports, keeps no others but `memory`, and adds one immutable global, exported as `__heap_base`
 * and `__data_end`, whose value is the end of static data.
 */
export function link(text: string, exports: readonly ExportName[], dataEnd: number): string {
  const module = parseForm(text);
  const used = Math.ceil(dataEnd / MEMORY_ALIGNMENT) * MEMORY_ALIGNMENT;
  const canonical = new Map(exports.map((name) => [name.internal, name.canonical]));
  const kept: Form[] = [];
  for (const form of operands(module)) {
    if (headOf(form) !== "export") {
      kept.push(form);
      continue;
    }
    const name = JSON.parse(form.items[1] as string) as string;
    const renamed = name === "memory" ? name : canonical.get(name);
    if (renamed !== undefined) kept.push({ items: ["export", quote(renamed), form.items[2]!] });
  }
  const global: Form = {
    items: ["global", "$linear_memory_used", "i32", { items: ["i32.const", String(used)] }],
  };
  const target: Form = { items: ["global", "$linear_memory_used"] };
  const globals = ["__heap_base", "__data_end"].map((name): Form => ({
    items: ["export", quote(name), target],
  }));
  // A module's imports come before what it defines; the global may stand right behind them.
  const defined = kept.findIndex((form) => !["type", "import", "rec"].includes(headOf(form)));
  kept.splice(defined < 0 ? kept.length : defined, 0, global);
  return printForm({ items: ["module", ...kept, ...globals] });
}

function quote(name: string): string {
  return JSON.stringify(name);
}
