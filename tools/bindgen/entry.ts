/** The module that asc compiles: it joins the guest's functions with the world's exports. */
import { functionLabel } from "./names/names.js";
import type { GuestSourceItems, UserFunction } from "../source/user-functions.js";
import { UserError } from "../errors/user-error.js";
import { needsArena, worldFunctions } from "../wit/arena-use.js";
import {
  REALLOC,
  callbackName,
  destructorExport,
  exportPath,
  liftName,
  postReturnName,
} from "../wit/canonical-names.js";
import { componentName } from "../wit/function-name.js";
import type { FunctionType, Resource, World } from "../wit/model.js";
import { MAX_FLAT_PARAMS } from "../wit/layout.js";
import { type ExportedFunction, bindExported, paramFrame } from "./functions/exported-function.js";
import { firstBlock } from "./functions/first-block.js";
import { loadFlat } from "./types/flat-values.js";
import { GuestTypes, guestNames } from "./names/guest-names.js";
import { type BindingPart, bindWorld } from "./bound-world.js";
import { returnLent } from "./types/lent-handles.js";
import { isHandleObject, isState } from "./types/kinds.js";
import { type PassedValue, coreParamsOf } from "./types/passed-value.js";

/** An AssemblyScript export and the name that the Component Model gives it. */
export interface EntryExport {
  readonly internal: string;
  readonly canonical: string;
  /** The guest's function behind it, where it has to answer: its name, and its place as `FILE:LINE:COLUMN`. */
  readonly answers?: { readonly where: string; readonly name: string };
}

/** The entry's text and its exports. */
export interface GeneratedEntry {
  readonly source: string;
  readonly exports: readonly EntryExport[];
}

/**
 * Matches the guest's exported functions with the world's exports.
 * An async function is the one whose parameter is that function's `Task`, under any name; a sync one goes by its name.
 * @param guestModule    import path of the guest's file, from the entry
 * @param bindingsFolder import path of the bindings' folder, from the entry
 * @param entryPath      the guest's file as the user named it, for messages
 * @throws UserError when a function is missing or its signature does not fit, with the signature that does
 */
export function generateEntry(
  world: World,
  items: GuestSourceItems,
  guestModule: string,
  bindingsFolder: string,
  entryPath: string,
): GeneratedEntry {
  const { imports: guestImports } = items;
  const exports: EntryExport[] = [];
  const imports: string[] = [];
  const statements: string[] = [];
  const memory = memoryOf(world);
  const boundWorld = bindWorld(world);
  const { parts } = boundWorld;
  const types = new GuestTypes(guestImports, boundWorld);
  const names = guestNames(parts);
  for (const part of parts.filter((candidate) => candidate.exported)) {
    const { classes } = part;
    for (const func of part.functions) {
      const number = String(exports.filter((name) => name.internal.startsWith("lift")).length);
      const bound = bindExported(func, part.owner, classes);
      const canonical = exportPath(part.owner, componentName(func));
      if (func.async) {
        const guest = findTask(func, part, items, types, entryPath);
        imports.push(
          `import { ${classes.functionName(func)} as entry_bindings${number} } from "${bindingsFolder}/${part.file}";`,
        );
        imports.push(`import { ${guest.name} as entry_guest${number} } from "${guestModule}";`);
        statements.push(taskEntry(func, number, canonical, bound, memory));
        const answers = {
          where: `${entryPath}:${String(guest.line)}:${String(guest.column)}`,
          name: guest.name,
        };
        exports.push({ internal: `lift${number}`, canonical: liftName(canonical, true), answers });
        exports.push({ internal: `callback${number}`, canonical: callbackName(canonical) });
      } else {
        const guest = findSync(func, names.func(part, func), bound, items, types, entryPath, part);
        imports.push(`import { ${guest.name} as entry_guest${number} } from "${guestModule}";`);
        const states = stateImports(func, guest, number, guestModule);
        imports.push(...states.values());
        const text = syncEntry(func, number, canonical, bound, memory, states);
        if (text.includes(`entry_types${number}.`))
          imports.push(`import * as entry_types${number} from "${bindingsFolder}/${part.file}";`);
        statements.push(text);
        exports.push({ internal: `lift${number}`, canonical });
        if (memory !== "none" && answersInMemory(bound.result))
          exports.push({ internal: `post${number}`, canonical: postReturnName(canonical) });
      }
    }
  }
  for (const part of parts.filter((candidate) => candidate.exported)) {
    for (const resource of part.resources) {
      const number = String(exports.filter((name) => name.internal.startsWith("drop")).length);
      const guest = findDestructor(resource, names.destructor(part, resource), items, entryPath);
      const type = guest.params[0]!.type;
      imports.push(`import { ${guest.name} as entry_drop${number} } from "${guestModule}";`);
      if (type !== "usize")
        imports.push(`import { ${type} as entry_dropped${number} } from "${guestModule}";`);
      statements.push(destructorEntry(number, resource, type !== "usize"));
      exports.push({ internal: `drop${number}`, canonical: destructorExport(part.owner, resource.name) });
    }
  }
  if (memory !== "none") {
    imports.unshift(ARENA_IMPORTS);
    statements.push(REALLOC_ENTRY);
    exports.push({ internal: "realloc", canonical: REALLOC });
  }
  return { source: `${[...imports, ...statements].join("\n")}\n`, exports };
}

/** The runtime takes the place of asc's; the rest is what the entry's own functions call. */
const ARENA_IMPORTS = `import "as-rill/assembly/runtime";
import {
  beginCall,
  beginTask,
  endCall,
  endTask,
  liftPair,
  lowerBlock,
  reallocBlock,
  storeElement,
  useTaskRegion,
} from "as-rill/assembly/bindings";`;

/**
 * What a world's functions do with the arena: there is `none`; each gives back all of the `task`'s when it has ended; or they are `mixed`, sync
 * ones beside async ones, and a sync one that is called while a task waits gives back its own alone.
 */
type MemoryUse = "none" | "task" | "mixed";

function memoryOf(world: World): MemoryUse {
  if (!needsArena(world)) return "none";
  const exported = worldFunctions(world).filter((item) => item.exported);
  const kinds = new Set(exported.map(({ func }) => func.async));
  return kinds.size > 1 ? "mixed" : "task";
}

/** Gives back what a task held, or a sync function whose result the host has read; empty without an arena. */
const AFTER_TASK: Readonly<Record<MemoryUse, string>> = {
  none: "",
  task: "useTaskRegion();",
  mixed: "endTask();",
};
const AFTER_CALL: Readonly<Record<MemoryUse, string>> = {
  none: "",
  task: "useTaskRegion();",
  mixed: "endCall();",
};

const REALLOC_ENTRY = `
/** What the host lowers strings and lists through. */
export function realloc(ptr: usize, oldLength: usize, alignment: usize, newLength: usize): usize {
  return reallocBlock(ptr, oldLength, newLength);
}`;

/** Whether a sync function's result comes as an address that the host reads behind. */
function answersInMemory(result: PassedValue | null): boolean {
  return result !== null && result.coreTypes.length > 1;
}

/** The lifted function's parameters, and the statements that name each core value when they come in memory. */
function lifted(
  func: FunctionType,
  bound: ExportedFunction,
): { readonly params: string; readonly taken: readonly string[] } {
  if (bound.coreParams.length <= MAX_FLAT_PARAMS)
    return { params: bound.coreParams.map(({ name, type }) => `${name}: ${type}`).join(", "), taken: [] };
  const values = loadFlat({ kind: "tuple", types: func.params.map((param) => param.type) }, "entry_params");
  return {
    params: "entry_params: usize",
    taken: bound.coreParams.map(({ name, type }, index) => `const ${name}: ${type} = ${values[index]!};`),
  };
}

function taskEntry(
  func: FunctionType,
  number: string,
  canonical: string,
  bound: ExportedFunction,
  memory: MemoryUse,
): string {
  const args = bound.coreParams.map(({ name }) => name).join(", ");
  const { params, taken } = lifted(func, bound);
  return `
/** ${canonical} */
export function lift${number}(${params}): i32 {${[...(memory === "mixed" ? ["beginTask();"] : []), ...taken].map((line) => `\n  ${line}`).join("")}
  // SAFETY: a Task holds no state of its own; its parts lie in the static frame.
  const entry_task = changetype<entry_bindings${number}.Task>(0);
  entry_task.enter(${args});
  entry_guest${number}(entry_task);
  entry_task.exit();${memory === "none" ? "" : `\n  ${AFTER_TASK[memory]}`}
  return 0;
}
/** Never called: the lifted function waits inside and always answers EXIT. */
export function callback${number}(event: i32, waitable: i32, payload: i32): i32 {
  return unreachable();
}`;
}

/** The lifted core function of a sync function: parameters that are views are stored first, a result that is one is loaded. */
function syncEntry(
  func: FunctionType,
  number: string,
  canonical: string,
  bound: ExportedFunction,
  memory: MemoryUse,
  states: ReadonlyMap<number, string>,
): string {
  const { frame, offsets } = paramFrame(bound);
  const place = `ENTRY_PARAMS${number}`;
  const { params, taken } = lifted(func, bound);
  const inMemory = taken.length > 0;
  const first = inMemory
    ? "entry_params"
    : firstBlock(
        func.params.map((param) => param.type),
        bound.coreParams.map(({ name }) => name),
      );
  const statements = [...(memory === "mixed" ? [`beginCall(${first});`] : []), ...taken];
  const lent: string[] = [];
  const args = bound.params.map((param, index) => {
    const offset = offsets[index];
    const type = qualified(param.typeName, number);
    if (states.has(index)) return `changetype<${stateName(number, index)}>(<usize>${param.name})`;
    if (isHandleObject(param.type)) {
      const handle = `changetype<${type}>(<usize>${param.name})`;
      lent.push(...returnLent(param.type, handle));
      return handle;
    }
    if (offset === null || offset === undefined) {
      const cores = coreParamsOf(param.name, param).map(({ name }) => name);
      if (cores.length > 1) return param.lift(...cores).replace(param.typeName, type);
      return type === param.typeName ? param.lift(param.name) : `<${type}>${param.name}`;
    }
    statements.push(
      ...param.store(
        place,
        offset,
        coreParamsOf(param.name, param).map(({ name }) => name),
      ),
    );
    const view = `changetype<${type}>(${place} + ${String(offset)})`;
    lent.push(...returnLent(param.type, view));
    return view;
  });
  const paramPlace =
    frame.byteLength > 0
      ? `const ${place}: usize = memory.data(${String(frame.byteLength)}, ${String(frame.alignment)});\n`
      : "";
  const resultType = bound.result ? qualified(bound.result.typeName, number) : "";
  const places: string[] = [];
  if (bound.result && !bound.result.view && answersInMemory(bound.result))
    places.push(`const ENTRY_RESULT${number}: usize = memory.data(8, 4);\n`);
  statements.push(
    ...answer(`entry_guest${number}(${args.join(", ")})`, bound.result, resultType, number, [
      ...lent,
      ...(memory === "none" ? [] : [AFTER_CALL[memory]]),
    ]),
  );
  const post =
    memory === "none" || !answersInMemory(bound.result)
      ? ""
      : `
/** The host has read the result. */
export function post${number}(_result: usize): void {
  ${AFTER_CALL[memory]}
}`;
  return `
${paramPlace}${places.join("")}/** ${canonical} */
export function lift${number}(${params}): ${coreResult(bound.result)} {
  // SAFETY: every place is static and holds what the WIT says, in canonical layout.
  ${statements.join("\n  ")}
}${post}`;
}

function coreResult(result: PassedValue | null): string {
  if (!result) return "void";
  return result.coreTypes.length === 1 ? result.coreTypes[0]! : "i32";
}

/**
 * Statements that return a call's result as one core value: itself, or the address of what is more than one.
 * @param release what else to do when the guest's function has returned
 */
function answer(
  call: string,
  result: PassedValue | null,
  type: string,
  number: string,
  release: readonly string[],
): string[] {
  const drops = release.filter((statement) => !Object.values(AFTER_CALL).includes(statement));
  if (!result) return [`${call};`, ...release];
  const value = `const entry_result = ${call};`;
  if (result.view && answersInMemory(result))
    return [value, ...drops, "return <i32>changetype<usize>(entry_result);"];
  if (answersInMemory(result)) {
    const store = `storeElement<${type}>(ENTRY_RESULT${number}, ${call});`;
    return [store, ...drops, `return <i32>ENTRY_RESULT${number};`];
  }
  if (!result.view && release.length === 0) return [`return ${result.lower(call)[0]!};`];
  return [value, `const entry_core = ${result.lower("entry_result")[0]!};`, ...release, "return entry_core;"];
}

/** A type as the entry names it: AssemblyScript's own, or one of the bindings. */
function qualified(typeName: string, number: string): string {
  return typeName.replaceAll(/\b[A-Z]\w*\b/g, (name) =>
    name === "StaticArray" ? name : `entry_types${number}.${name}`,
  );
}

/** Whether the guest wrote a class of its own, exported from its source. */
function isClassName(type: string): boolean {
  return /^[A-Z][\w$]*$/.test(type);
}

/** A name for the class that the guest takes the state of its own resource as, where it is not a plain number. */
function stateName(number: string, param: number): string {
  return `entry_state${number}_${String(param)}`;
}

/** The imports of such classes, by parameter. */
function stateImports(
  func: FunctionType,
  guest: UserFunction,
  number: string,
  guestModule: string,
): Map<number, string> {
  const found = new Map<number, string>();
  func.params.forEach(({ type }, index) => {
    const written = guest.params[index]!.type;
    if (isState(type) && written !== "usize")
      found.set(index, `import { ${written} as ${stateName(number, index)} } from "${guestModule}";`);
  });
  return found;
}

function destructorEntry(number: string, { name }: Resource, isObject: boolean): string {
  return `
/** Ends a \`${name}\`. */
export function drop${number}(state: usize): void {
  // SAFETY: the state is what the guest made the handle for.
  entry_drop${number}(${isObject ? `changetype<entry_dropped${number}>(state)` : "state"});
}`;
}

function findDestructor(
  resource: Resource,
  name: string,
  items: GuestSourceItems,
  entryPath: string,
): UserFunction {
  const expected = `export function ${name}(state: usize): void`;
  const guest = items.functions.find((candidate) => candidate.name === name);
  if (!guest) {
    requireExported(
      items.hidden.find((item) => item.name === name),
      resource.name,
      entryPath,
    );
    throw new UserError(
      `${entryPath}: nothing ends a \`${resource.name}\` of ${resource.owner}; write \`${expected}\`, or with your own @unmanaged class in place of usize`,
    );
  }
  if (guest.params.length !== 1 || guest.result !== null)
    throw new UserError(
      `${entryPath}:${String(guest.line)}: ${name} does not fit \`${resource.name}\`; write \`${expected}\``,
    );
  requireExportedClass(guest.params[0]!.type, items, entryPath);
  return guest;
}

/** @throws UserError when the function that is wanted is there and its file keeps it to itself */
function requireExported(guest: UserFunction | undefined, label: string, entryPath: string): void {
  if (!guest) return;
  throw new UserError(
    `${entryPath}:${String(guest.line)}:${String(guest.column)}: ${guest.name} is to implement \`${label}\` and is not exported; write \`export function ${guest.name}\``,
  );
}

/** @throws UserError when a class that the entry has to name is one that its file keeps to itself */
function requireExportedClass(type: string, { classes }: GuestSourceItems, entryPath: string): void {
  const found = classes.find((candidate) => candidate.name === type);
  if (!found || found.isExported) return;
  throw new UserError(
    `${entryPath}:${String(found.line)}:${String(found.column)}: the state class ${type} is not exported, and the module's entry has to name it; write \`export class ${type}\``,
  );
}

function findTask(
  func: FunctionType,
  part: BindingPart,
  { functions, hidden }: GuestSourceItems,
  types: GuestTypes,
  entryPath: string,
): UserFunction {
  const type = `${part.classes.functionName(func)}.Task`;
  const takes = (written: string): boolean => types.fits(written, type, part);
  const fits = (candidate: UserFunction): boolean => candidate.params.some((param) => takes(param.type));
  const found = functions.filter(fits);
  const expected = `export function run(task: ${type}): void`;
  if (found.length === 0) {
    requireExported(hidden.find(fits), functionLabel(func), entryPath);
    throw new UserError(
      `${entryPath}: no exported function takes a ${type}, so nothing implements \`${functionLabel(func)}\`; write \`${expected}\``,
    );
  }
  const [guest, second] = found;
  if (second) {
    throw new UserError(
      `${entryPath}:${String(second.line)}: ${guest!.name} and ${second.name} both take a ${type}; one function implements \`${functionLabel(func)}\``,
    );
  }
  if (guest!.params.length !== 1 || guest!.result !== null) {
    throw new UserError(
      `${entryPath}:${String(guest!.line)}: ${guest!.name} does not fit \`${functionLabel(func)}\`; write \`${expected}\``,
    );
  }
  return guest!;
}

function findSync(
  func: FunctionType,
  name: string,
  bound: ExportedFunction,
  items: GuestSourceItems,
  types: GuestTypes,
  entryPath: string,
  part: BindingPart,
): UserFunction {
  const params = bound.params.map((param) => `${param.name}: ${param.typeName}`).join(", ");
  const expected = `export function ${name}(${params}): ${bound.result?.typeName ?? "void"}`;
  const guest = items.functions.find((candidate) => candidate.name === name);
  if (!guest) {
    requireExported(
      items.hidden.find((item) => item.name === name),
      functionLabel(func),
      entryPath,
    );
    throw new UserError(
      `${entryPath}: nothing implements \`${functionLabel(func)}\` of ${part.owner}; write \`${expected}\``,
    );
  }
  const fits =
    guest.params.length === bound.params.length &&
    guest.params.every(
      (param, index) =>
        types.fits(param.type, bound.params[index]!.typeName, part) ||
        (isState(bound.params[index]!.type) && isClassName(param.type)),
    ) &&
    types.fits(guest.result ?? "void", bound.result?.typeName ?? "void", part);
  if (!fits)
    throw new UserError(
      `${entryPath}:${String(guest.line)}: ${name} does not fit \`${functionLabel(func)}\`; write \`${expected}\``,
    );
  bound.params.forEach((param, index) => {
    if (isState(param.type)) requireExportedClass(guest.params[index]!.type, items, entryPath);
  });
  return guest;
}
