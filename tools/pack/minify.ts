/**
 * Makes a core module small for flash: custom sections go, imports and the entry get
 * one-letter names, exports that a board does not call go with their code, and small functions
 * go into their callers. Nothing else changes.
 */
import type { Binaryen, Module } from "../wasm/binaryen.js";
import { UserError } from "../errors/user-error.js";
import {
  asyncLifted,
  callbackName,
  destructorExport,
  liftName,
  postReturnName,
  REALLOC,
} from "../wit/canonical-names.js";
import type { CoreModule } from "../wasm/core-module.js";
import { ByteWriter } from "../wasm/byte-writer.js";
import { readModule, withoutCustomSections } from "../wasm/read-module.js";
import { joinedData } from "./join-data.js";
import {
  CALLBACK_EXPORT,
  ENTRY_EXPORT,
  exportLetter,
  IMPORT_MODULE,
  importLetter,
  MAX_IMPORTS,
  POST_RETURN_EXPORT,
} from "./image.js";

/** A module that is ready for an image. */
export interface Minified {
  readonly bytes: Uint8Array;
  readonly module: CoreModule;
  /** The module before the names were shortened: its imports are in the same order. */
  readonly named: Uint8Array;
}

const IMPORT_SECTION = 2;
const EXPORT_SECTION = 7;
const DATA_SECTION = 11;
const FUNCTION = 0;

/** Nodes of Binaryen's tree: what opens an end (make its waitable set once, join it) has 13. */
const SMALL_FUNCTION = 14;

/** Exports that the interpreter reads: it gives a guest only the memory below these. */
const MEMORY_GLOBALS = ["__heap_base", "__data_end"];

/** The functions that a module exports for the Component Model's async lift, as `IFACE#FUNC`. */
export function liftedFunctions(module: CoreModule): string[] {
  return module.exports.filter(({ kind }) => kind === "func").flatMap(({ name }) => asyncLifted(name) ?? []);
}

/** What a board calls beside an async entry. */
export interface BoardCalls {
  /** The entry is not async. */
  readonly isSync?: boolean;
  /** The entry goes back to its host while it waits. */
  readonly isCallback?: boolean;
  /** Strings or lists are lowered for the guest. */
  readonly allocates?: boolean;
  /** Functions that the board calls, too. */
  readonly further?: readonly CalledFunction[];
}

/** A function that a board calls. */
export interface CalledFunction {
  /** `IFACE#FUNC`. */
  readonly entry: string;
  readonly isSync: boolean;
  readonly isCallback: boolean;
}

/** The exports of function number `index`, with their names in the image. */
function exportsOf(
  { entry, isSync, isCallback }: CalledFunction,
  index: number,
): (readonly [string, string])[] {
  return [
    [liftName(entry, !isSync), exportLetter(ENTRY_EXPORT, index)],
    ...(isSync ? [[postReturnName(entry), exportLetter(POST_RETURN_EXPORT, index)] as const] : []),
    ...(isCallback ? [[callbackName(entry), exportLetter(CALLBACK_EXPORT, index)] as const] : []),
  ];
}

/**
 * Minifies `bytes` for a board that calls the export `entry` (`IFACE#FUNC`).
 * @throws UserError for too many imports
 */
export async function minify(
  bytes: Uint8Array,
  entry: string,
  { isSync = false, isCallback = false, allocates = false, further = [] }: BoardCalls = {},
): Promise<Minified> {
  const names = new Map([
    ...[{ entry, isSync, isCallback }, ...further].flatMap(exportsOf),
    ...(allocates ? [[REALLOC, REALLOC] as const] : []),
    ...MEMORY_GLOBALS.map((name) => [name, name] as const),
  ]);
  const named = await prune(bytes, names, isCallback || further.some((one) => one.isCallback));
  const module = readModule(named);
  const odd = module.imports.find(({ kind }) => kind !== "func");
  if (odd !== undefined) throw new UserError(`the guest imports the ${odd.kind} ${odd.module} ${odd.field}`);
  if (module.imports.length > MAX_IMPORTS) {
    throw new UserError(`the guest has ${module.imports.length} imports; an image holds ${MAX_IMPORTS}`);
  }
  const small = rename(module, names);
  return { bytes: small, module: readModule(small), named };
}

/** Drops every export but those `kept`, and all that nothing reaches any more. */
async function prune(
  bytes: Uint8Array,
  kept: ReadonlyMap<string, string>,
  isCallback: boolean,
): Promise<Uint8Array> {
  const { default: binaryen } = await import("../wasm/binaryen.js");
  const plain = withoutCustomSections(bytes);
  const module = binaryen.readBinary(plain);
  try {
    module.setFeatures(binaryen.Features.All);
    endOwnResources(binaryen, module);
    for (const { name } of readModule(plain).exports) if (!kept.has(name)) module.removeExport(name);
    if (isCallback) leaveOutBackpressure(binaryen, module);
    module.runPasses(["remove-unused-module-elements"]);
    inlineSmall(binaryen, module);
    // With bulk memory Binaryen counts the data in a section of its own, which
    // the boards' interpreter refuses.
    module.setFeatures(binaryen.Features.All & ~binaryen.Features.BulkMemory);
    return withoutCustomSections(module.emitBinary());
  } finally {
    module.dispose();
  }
}

/**
 * Dropping a handle of a resource of the guest's own runs the guest's destructor. So the import only takes
 * the handle out of the table, and answers with what it stood for: the guest calls its destructor itself,
 * and nobody has to enter it for that.
 */
function endOwnResources(binaryen: Binaryen, module: Module): void {
  for (const { name, module: owner, base } of functionsOf(binaryen, module)) {
    const resource = /^\[resource-drop\](.*)$/.exec(base ?? "")?.[1];
    if (resource === undefined || owner?.startsWith("[export]") !== true) continue;
    const take = `${name} without its destructor`;
    module.removeFunction(name);
    module.addFunctionImport(take, owner, base!, binaryen.i32, binaryen.i32);
    const taken = module.call(take, [module.local.get(0, binaryen.i32)], binaryen.i32);
    const destructor = exportedAs(
      binaryen,
      module,
      destructorExport(owner.slice("[export]".length), resource),
    );
    const body = destructor === null ? module.drop(taken) : module.call(destructor, [taken], binaryen.none);
    module.addFunction(name, binaryen.i32, binaryen.none, [], body);
  }
}

/** The function behind an export; null when there is none. */
function exportedAs(binaryen: Binaryen, module: Module, name: string): string | null {
  const found = Array.from({ length: module.getNumExports() }, (_, index) =>
    binaryen.getExportInfo(module.getExportByIndex(index)),
  ).find((one) => one.name === name);
  return found?.value ?? null;
}

function functionsOf(binaryen: Binaryen, module: Module): ReturnType<Binaryen["getFunctionInfo"]>[] {
  return Array.from({ length: module.getNumFunctions() }, (_, index) =>
    binaryen.getFunctionInfo(module.getFunctionByIndex(index)),
  );
}

/** A board starts an instance's next task when the last one has ended: nobody is there to be held back. */
function leaveOutBackpressure(binaryen: Binaryen, module: Module): void {
  for (const { name, base } of functionsOf(binaryen, module)) {
    if (base !== "[backpressure-inc]" && base !== "[backpressure-dec]") continue;
    module.removeFunction(name);
    module.addFunction(name, binaryen.none, binaryen.none, [], module.nop());
  }
}

/**
 * A function costs RAM for as long as its guest is loaded (48 bytes in the module, 28 in each instance, a
 * frame of operand stack), its code a second time only a few bytes of flash.
 */
function inlineSmall(binaryen: Binaryen, module: Module): void {
  const before = binaryen.getAlwaysInlineMaxSize();
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  binaryen.setAlwaysInlineMaxSize(SMALL_FUNCTION);
  module.runPasses(["inlining-optimizing", "remove-unused-module-elements"]);
  binaryen.setAlwaysInlineMaxSize(before);
}

/** Writes the module's sections again: imports and exports with short names, data in few segments. */
function rename(module: CoreModule, names: ReadonlyMap<string, string>): Uint8Array {
  const out = new ByteWriter().append(module.bytes.subarray(0, 8));
  const data = joinedData(module);
  for (const { id, start, end } of module.sections) {
    if (id === IMPORT_SECTION) out.section(id, importEntries(module));
    else if (id === EXPORT_SECTION) out.section(id, exportEntries(module, names));
    else if (id === DATA_SECTION && data !== null) out.section(id, data);
    else out.append(module.bytes.subarray(start, end));
  }
  return Uint8Array.from(out.bytes);
}

function importEntries(module: CoreModule): Uint8Array {
  const entries = module.imports.map(
    ({ typeIndex }, index) =>
      new ByteWriter().name(IMPORT_MODULE).name(importLetter(index)).put(FUNCTION).u32(typeIndex!).bytes,
  );
  return new ByteWriter().vector(entries).bytes;
}

function exportEntries(module: CoreModule, names: ReadonlyMap<string, string>): Uint8Array {
  const entries = module.exports.map(
    ({ name, start, end, nameBytes }) =>
      new ByteWriter().name(names.get(name) ?? name).append(module.bytes.subarray(start + nameBytes, end))
        .bytes,
  );
  return new ByteWriter().vector(entries).bytes;
}
