/** Builds a guest for the gate: through the whole pipeline of a release, then instrumented. */
import { forgetExpected } from "../../compile/callback/expected-events.js";
import { linkTasks, type TasksInput } from "../../compile/callback/link-tasks.js";
import { TASK_BASES } from "../../compile/callback/task-addresses.js";
import type { Compiled } from "../../compile/compile.js";
import {
  ENTRY_NAME,
  type LinkOptions,
  type PreparedGuest,
  refuseUnusedPairs,
  worldConstants,
} from "../../compile/guest-module.js";
import { lentArguments } from "../../compile/lent-arguments.js";
import { link } from "../../compile/link.js";
import { movableFrames } from "../../compile/movable-frames.js";
import { optimizeForStrategy } from "../../compile/optimize-for-strategy.js";
import { rewrite, tellLibrary, withModule } from "../../compile/optimize.js";
import type { LentArguments } from "../../compile/passes/promote-frame.js";
import { dropClassLoads } from "../../compile/passes/drop-class-loads.js";
import type { Form } from "../../compile/passes/s-expression.js";
import { hasBlocks } from "../../compile/task-count.js";
import { compileForStrategy } from "../../compile/unanswered-waits.js";
import type { StaticPlace } from "../../source/static-places.js";
import { needsArena } from "../../wit/arena-use.js";
import { forgetFields, placeFields } from "./field-places.js";
import { LINE_EXPORT, markGuestLines } from "./guest-lines.js";
import { CHECK } from "./function-context.js";
import { type ExportedGlobal, instrument } from "./instrument.js";
import type { Site } from "./site.js";
import { keptWord, type StaticObject, staticObjects, wholeMemory } from "./static-objects.js";

/**
 * `release`: the shipped instructions. `announcing`: with the library's announcements
 * compiled in, which differs in them alone.
 */
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
  /** What static data is made of. */
  readonly objects: readonly StaticObject[];
  readonly spillBase: number;
  readonly globals: readonly ExportedGlobal[];
}

/**
 * Compiles, optimises, links and instruments.
 * @param options as in a release; unoptimised for tests that build often
 * @throws UserError when the guest does not compile
 */
export async function buildChecking(
  guest: PreparedGuest,
  form: CheckingForm,
  options: LinkOptions = {},
): Promise<CheckingModule> {
  return buildCompiled(guest, await compileChecking(guest, form, options), form, options);
}

/** asc's part of it. */
export async function compileChecking(
  guest: PreparedGuest,
  form: CheckingForm,
  { constants = {}, ...strategy }: LinkOptions = {},
): Promise<Compiled> {
  const input = {
    baseDir: guest.baseDir,
    shownDir: guest.shownDir,
    entryName: ENTRY_NAME,
    entrySource: guest.entrySource,
    virtualFiles: guest.bindings,
    constants: {
      ...worldConstants(guest.world),
      ...constants,
      ...(form === "announcing" && { RILL_CHECK: 1 }),
    },
    arena: needsArena(guest.world),
    spaced: form === "announcing",
  };
  const compiled = await compileForStrategy(input, guest.exports, strategy);
  refuseUnusedPairs(guest, compiled, constants);
  return compiled;
}

/** The rest of it, for what asc has made of the guest. */
export function buildCompiled(
  guest: PreparedGuest,
  compiled: Compiled,
  form: CheckingForm,
  options: LinkOptions,
): CheckingModule {
  const { text, dataEnd, lines, objects } = finalModule(guest, compiled, form, options);
  return assemble(forgetFields(text), dataEnd, form, lines, objects);
}

/** A module as the build has finished it, before it is instrumented. */
export interface FinalModule extends Pick<CheckingModule, "dataEnd" | "lines" | "objects"> {
  readonly text: string;
}

/** What the build makes of asc's module. */
export function finalModule(
  guest: PreparedGuest,
  compiled: Compiled,
  form: CheckingForm,
  { optimized = true, tasks, ...strategy }: LinkOptions,
): FinalModule {
  const lent = lentArguments(guest.world);
  const lentTo: LentArguments = (module, name) => (module === CHECK ? [] : lent(module, name));
  const frames = movableFrames(guest.world, compiled, guest.bindings, ENTRY_NAME);
  const exports = [...guest.exports, { internal: LINE_EXPORT, canonical: LINE_EXPORT }];
  if (hasBlocks(tasks) && optimized)
    return severalTasks(compiled, form, {
      generated: [ENTRY_NAME, ...guest.bindings.keys()],
      exports,
      tasks,
      lentArguments: lentTo,
      frames,
    });
  const marked = markedFor(form, compiled.text);
  const linked = link(marked.text, exports, compiled.dataEnd);
  const made = { dataEnd: compiled.dataEnd, lines: marked.lines, objects: staticObjects(compiled) };
  if (!optimized) return { ...made, text: rewrite(linked, prepare) };
  const { text, stack, words = [] } = optimizeForStrategy(linked, guest.exports, lentTo, frames, strategy);
  const objects = withKeptWords(made.objects, words);
  if (!stack) return { ...made, text, objects };
  return {
    ...made,
    text,
    dataEnd: stack.address + stack.bytes,
    objects: [...objects, stackObject(stack)],
  };
}

/** What a module that is not optimised needs to be compared with one that is. */
function prepare(module: Form): void {
  dropClassLoads(module);
  forgetExpected(module);
  tellLibrary(module, true);
}

function markedFor(form: CheckingForm, text: string): ReturnType<typeof markGuestLines> {
  const placed = placeFields(text);
  return form === "announcing" ? markGuestLines(placed) : { text: placed, lines: [""] };
}

/**
 * The same of a guest of several tasks: each has every object that belongs to a task, at a place of its own.
 */
function severalTasks(
  compiled: Compiled,
  form: CheckingForm,
  options: Omit<TasksInput, "compiled" | "mark">,
): FinalModule {
  let lines: readonly string[] = [];
  const mark = (unmarked: string): string => {
    const marked = markedFor(form, unmarked);
    ({ lines } = marked);
    return marked.text;
  };
  const { text, blocks } = linkTasks({ ...options, compiled, mark });
  const { address, bytes, count, words } = blocks;
  const [base] = TASK_BASES;
  const starts = Array.from({ length: count }, (_, index) => address + index * bytes);
  const objects = staticObjects(compiled).flatMap((object) =>
    object.address < base
      ? [object]
      : starts.map((start) => ({ ...object, address: object.address - base + start })),
  );
  const rest = starts.map((start): StaticObject => {
    const from = start + (compiled.taskEnd! - base);
    return { name: "a task's locals", address: from, byteLength: start + bytes - from, kind: "filled" };
  });
  return {
    text,
    lines,
    dataEnd: address + bytes * count,
    objects: withKeptWords(
      [...objects, ...rest],
      starts.flatMap((start) => words.map((word) => word - address + start)),
    ),
  };
}

/** The words lie inside of frames: each stands behind the frame that it is part of. */
function withKeptWords(objects: readonly StaticObject[], words: readonly number[]): StaticObject[] {
  return [...objects, ...words.map(keptWord)].sort((a, b) => a.address - b.address);
}

function stackObject({ address, bytes }: StaticPlace): StaticObject {
  return { name: "the stack of waiting tasks", address, byteLength: bytes, kind: "filled" };
}

/** Instruments and compiles the text of a final module. */
export function assemble(
  text: string,
  dataEnd: number,
  form: CheckingForm,
  lines: readonly string[] = [""],
  objects: readonly StaticObject[] = wholeMemory(dataEnd),
): CheckingModule {
  const { text: instrumented, sites, spillBase, globals } = instrument(text);
  const binary = withModule(instrumented, (module) => module.emitBinary());
  const module = new WebAssembly.Module(binary as Uint8Array<ArrayBuffer>);
  return { form, module, sites, lines, dataEnd, objects, spillBase, globals };
}
