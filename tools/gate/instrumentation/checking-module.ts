/** Builds a guest for the gate: through the whole pipeline of a release, then instrumented. */
import { useCallback } from "../../compile/callback-strategy.js";
import { type Compiled, compileGuest } from "../../compile/compile.js";
import { ENTRY_NAME, type LinkOptions, type PreparedGuest } from "../../compile/guest-module.js";
import { framesMayMove, lentArguments } from "../../compile/lent-arguments.js";
import { link } from "../../compile/link.js";
import { optimize, withModule } from "../../compile/optimize.js";
import { needsArena } from "../../wit/arena-use.js";
import { LINE_EXPORT, markGuestLines } from "./guest-lines.js";
import { headOf, operands, parseForm, printForm, rewriteInside } from "../../compile/passes/s-expression.js";
import { CHECK, functionsOf } from "./function-context.js";
import { type ExportedGlobal, instrument } from "./instrument.js";
import type { Site } from "./site.js";

/** `release`: the shipped instructions. `announcing`: with the library's announcements compiled in, which differs in them alone. */
export type CheckingForm = "release" | "announcing";

/** A guest that reports to the gate. */
export interface CheckingModule {
  readonly form: CheckingForm;
  readonly module: WebAssembly.Module;
  readonly sites: readonly Site[];
  /** The guest's places, by the value of the line global; empty in the release form. */
  readonly lines: readonly string[];
  /** End of static data, in bytes. */
  readonly dataEnd: number;
  readonly spillBase: number;
  readonly globals: readonly ExportedGlobal[];
}

/** Compiles, optimises, links and instruments. @param options as in a release; unoptimised for tests that build often @throws UserError when the guest does not compile */
export async function buildChecking(
  guest: PreparedGuest,
  form: CheckingForm,
  options: LinkOptions = {},
): Promise<CheckingModule> {
  const { constants = {} } = options;
  const compiled = await compileGuest({
    baseDir: guest.baseDir,
    shownDir: guest.shownDir,
    entryName: ENTRY_NAME,
    entrySource: guest.entrySource,
    virtualFiles: guest.bindings,
    constants: form === "announcing" ? { ...constants, RILL_CHECK: 1 } : constants,
    arena: needsArena(guest.world),
  });
  return buildCompiled(guest, compiled, form, options);
}

/** The rest of it, for what asc has made of the guest. */
export function buildCompiled(
  guest: PreparedGuest,
  compiled: Compiled,
  form: CheckingForm,
  { optimized = true, wait = "wait" }: LinkOptions,
): CheckingModule {
  const marked = form === "announcing" ? markGuestLines(compiled.text) : { text: compiled.text, lines: [""] };
  const lent = lentArguments(guest.world);
  const line = { internal: LINE_EXPORT, canonical: LINE_EXPORT };
  const linked = link(marked.text, [...guest.exports, line], compiled.dataEnd);
  if (!optimized) return assemble(withoutClassLoads(linked), compiled.dataEnd, form, marked.lines);
  const text = optimize(
    linked,
    (module, name) => (module === CHECK ? [] : lent(module, name)),
    framesMayMove(guest.world),
  );
  if (wait === "wait") return assemble(text, compiled.dataEnd, form, marked.lines);
  const { text: calledBack, stack } = useCallback(text, guest.exports);
  const dataEnd = stack ? stack.address + stack.bytes : compiled.dataEnd;
  return assemble(calledBack, dataEnd, form, marked.lines);
}

/**
 * asc looks at an object's class before it calls a method that a subclass may have, even where nothing depends on it. The optimiser
 * takes that load away; an unoptimised module must be without it too, because an operation has no class.
 */
function withoutClassLoads(text: string): string {
  const module = parseForm(text);
  for (const func of functionsOf(module)) {
    if (!/@override"?$/.test(func.items[1] as string)) continue;
    rewriteInside(func, (form) => {
      const [value] = operands(form);
      return headOf(form) === "drop" && headOf(value!) === "i32.load" ? { items: ["nop"] } : form;
    });
  }
  return printForm(module);
}

/** Instruments and compiles the text of a final module. */
export function assemble(
  text: string,
  dataEnd: number,
  form: CheckingForm,
  lines: readonly string[] = [""],
): CheckingModule {
  const { text: instrumented, sites, spillBase, globals } = instrument(text);
  const binary = withModule(instrumented, (module) => module.emitBinary());
  const module = new WebAssembly.Module(binary as Uint8Array<ArrayBuffer>);
  return { form, module, sites, lines, dataEnd, spillBase, globals };
}
