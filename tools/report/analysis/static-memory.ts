/** What the module says about its linear memories: how much there is, how much is used, and who says so. */
import type { CoreModule, DataEntry, Limits } from "../../wasm/core-module.js";
import type { FunctionFacts } from "../../analysis/function-facts.js";
import { dylinkMemoryBytes } from "../../wasm/sections/dylink-section.js";

/** A linear memory as the module declares it, in bytes. */
export interface StaticMemory {
  readonly index: number;
  /** Under what it is exported or imported; empty for one that is neither. */
  readonly name: string;
  readonly imported: boolean;
  readonly limits: Limits;
  readonly initialBytes: number;
  readonly maximumBytes: number | null;
  /** Bytes from 0 (or from `base`) up that the program can use before it allocates. */
  readonly usedBytes: number;
  /** Where `usedBytes` comes from. */
  readonly usedBy: "__heap_base" | "stack pointer" | "static addresses" | "dylink.0" | "no memory";
  /** Whether code uses addresses that it does not fix, so that it may use more. */
  readonly isAtLeast: boolean;
  /** The global from which the program's addresses count; null where they count from 0. */
  readonly base: string | null;
  readonly heapBase: number | null;
  readonly dataEnd: number | null;
  /** Initial value of the compiler's stack pointer, null when there is none. */
  readonly stackPointer: number | null;
  /** Where the static data below that stack ends. */
  readonly stackStart: number;
  /** Whether WAMR gives the guest `usedBytes` instead of whole pages. */
  readonly shrinks: boolean;
  /** Why it does not; empty when it does. */
  readonly obstacles: readonly string[];
}

/** All memories of `module`, from limits, globals, data and static addresses. */
export function readStaticMemories(module: CoreModule, facts: readonly FunctionFacts[]): StaticMemory[] {
  const imported = module.imports.filter(({ kind }) => kind === "memory");
  const all = [...imported.map(({ limits }) => limits!), ...module.memories.map(({ limits }) => limits)];
  return all.map((limits, index) => {
    const from = imported[index];
    const exported = module.exports.find((entry) => entry.kind === "memory" && entry.index === index);
    const name = from ? `${from.module} ${from.field}` : (exported?.name ?? "");
    return { index, name, imported: from !== undefined, ...readMemory(module, facts, index, limits) };
  });
}

function readMemory(
  module: CoreModule,
  facts: readonly FunctionFacts[],
  index: number,
  limits: Limits,
): Omit<StaticMemory, "index" | "name" | "imported"> {
  const page = 2 ** limits.pageSizeLog2;
  const globals = new GlobalView(module);
  // What linkers and compilers say in globals is of the first memory.
  const isFirst = index === 0;
  const heapBase = isFirst ? (globals.constant("__heap_base") ?? globals.named(/(^|\/)__heap_base$/)) : null;
  const dataEnd = isFirst ? globals.constant("__data_end") : null;
  const stackGlobal = isFirst ? stackGlobalOf(facts) : null;
  const top = stackGlobal === null ? null : globals.initial(stackGlobal);
  const stackPointer = top !== null && top <= limits.minimum * page ? top : null;
  const placed = placedData(module, index);
  const fixed = staticEnd(facts, index);
  const reached = Math.max(dataEnd ?? 0, placed.end, fixed);
  const library = isFirst ? dylinkMemoryBytes(module) : null;
  const used: Pick<StaticMemory, "usedBytes" | "usedBy"> =
    library !== null
      ? { usedBytes: Math.max(library, placed.end), usedBy: "dylink.0" }
      : heapBase !== null
        ? { usedBytes: heapBase, usedBy: "__heap_base" }
        : stackPointer !== null && stackPointer > reached
          ? { usedBytes: stackPointer, usedBy: "stack pointer" }
          : { usedBytes: reached, usedBy: "static addresses" };
  const isCounted = used.usedBy === "stack pointer" || used.usedBy === "static addresses";
  const obstacles = isFirst
    ? shrinkObstacles(module, facts, globals, stackGlobal)
    : ["WAMR shrinks the first memory alone"];
  return {
    limits,
    initialBytes: limits.minimum * page,
    maximumBytes: limits.maximum === null ? null : limits.maximum * page,
    ...used,
    isAtLeast: isCounted && facts.some(({ dynamicMemories }) => dynamicMemories.includes(index)),
    base: placed.base ?? (library === null ? null : "__memory_base"),
    heapBase,
    dataEnd,
    stackPointer,
    stackStart: Math.max(0, ...[dataEnd ?? 0, placed.end, fixed].filter((end) => end <= (stackPointer ?? 0))),
    shrinks: obstacles.length === 0,
    obstacles,
  };
}

/** A module without any memory, for who asks for the first. */
export const NO_MEMORY: StaticMemory = {
  index: 0,
  name: "",
  imported: false,
  limits: { minimum: 0, maximum: 0, shared: false, memory64: false, pageSizeLog2: 16 },
  initialBytes: 0,
  maximumBytes: 0,
  usedBytes: 0,
  usedBy: "no memory",
  isAtLeast: false,
  base: null,
  heapBase: null,
  dataEnd: null,
  stackPointer: null,
  stackStart: 0,
  shrinks: false,
  obstacles: [],
};

/** An active data segment with its address, in bytes above `base`. */
export interface PlacedData {
  readonly entry: DataEntry;
  readonly segment: number;
  readonly start: number;
}

/** Active data of memory `index`, where it ends, and the global (imported, as a rule) above which it lies. */
export function placedData(
  module: CoreModule,
  index: number,
): { readonly data: readonly PlacedData[]; readonly end: number; readonly base: string | null } {
  const globals = new GlobalView(module);
  let base: string | null = null;
  const data = module.data.flatMap((entry, segment) => {
    if (entry.offset === null || entry.memory !== index) return [];
    const { value, relative } = entry.offset;
    if (value !== null) return [{ entry, segment, start: Number(value) }];
    if (relative === null) return [];
    const fixed = globals.fixed(relative.global);
    if (fixed === null) base ??= globals.nameOf(relative.global);
    return [{ entry, segment, start: (fixed ?? 0) + Number(relative.delta) }];
  });
  const end = data.reduce((most, { entry, start }) => Math.max(most, start + lengthOf(entry)), 0);
  return { data, end, base };
}

function lengthOf({ content }: DataEntry): number {
  return content.end - content.start;
}

function staticEnd(facts: readonly FunctionFacts[], index: number): number {
  let end = 0;
  for (const { accesses } of facts) {
    for (const { memory, address, byteLength } of accesses)
      if (memory === index) end = Math.max(end, address + byteLength);
  }
  return end;
}

/** The global that most functions use as a stack pointer. */
function stackGlobalOf(facts: readonly FunctionFacts[]): number | null {
  const uses = new Map<number, number>();
  for (const { stackGlobals } of facts)
    for (const global of stackGlobals) uses.set(global, (uses.get(global) ?? 0) + 1);
  return [...uses].sort(([x, n], [y, m]) => m - n || x - y)[0]?.[0] ?? null;
}

/** WAMR's loader (wasm_loader.c) rounds `__data_end` up before it compares it with `__heap_base`. */
const WAMR_DATA_ALIGNMENT = 16;

function alignUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}

function shrinkObstacles(
  module: CoreModule,
  facts: readonly FunctionFacts[],
  globals: GlobalView,
  stackGlobal: number | null,
): string[] {
  const obstacles: string[] = [];
  for (const name of ["__heap_base", "__data_end"]) {
    if (globals.constant(name) === null) obstacles.push(`no immutable i32 global is exported as ${name}`);
  }
  const [heapBase, dataEnd] = [globals.constant("__heap_base"), globals.constant("__data_end")];
  if (heapBase !== null && dataEnd !== null && alignUp(dataEnd, WAMR_DATA_ALIGNMENT) > heapBase) {
    obstacles.push(`__data_end, which WAMR rounds up to ${WAMR_DATA_ALIGNMENT} bytes, is above __heap_base`);
  }
  if (facts.some(({ grows }) => grows.length > 0)) obstacles.push("memory.grow is used");
  if (facts.some(({ memorySizes }) => memorySizes > 0)) obstacles.push("memory.size is used");
  if (module.memories.length === 0) obstacles.push("the memory is imported");
  const guess = globals.guessedStackPointer(globals.constant("__heap_base"), stackGlobal);
  if (guess !== null)
    obstacles.push(`mutable global ${guess} starts above 0: WAMR mistakes it for a stack pointer`);
  return obstacles;
}

/** The module's globals as the report asks for them. */
class GlobalView {
  private readonly imported: number;

  constructor(private readonly module: CoreModule) {
    this.imported = module.imports.filter(({ kind }) => kind === "global").length;
  }

  /** Value of the immutable i32 global exported as `name`. */
  constant(name: string): number | null {
    const entry = this.module.exports.find(
      (candidate) => candidate.kind === "global" && candidate.name === name,
    );
    const global = entry && this.module.globals[entry.index - this.imported];
    return global && !global.mutable && global.type === "i32" && global.initial.value !== null
      ? Number(global.initial.value)
      : null;
  }

  /** Initial value of the i32 global that the name section calls so. */
  named(pattern: RegExp): number | null {
    for (const [index, name] of this.module.names.globals) {
      const global = this.module.globals[index - this.imported];
      if (pattern.test(name) && global?.type === "i32" && global.initial.value !== null) {
        return Number(global.initial.value);
      }
    }
    return null;
  }

  /** Initial value of a defined global. */
  initial(index: number): number | null {
    const value = this.module.globals[index - this.imported]?.initial.value ?? null;
    return value === null ? null : Number(value);
  }

  /** Value of a global that never changes; null for an import. */
  fixed(index: number): number | null {
    return this.module.globals[index - this.imported]?.mutable === false ? this.initial(index) : null;
  }

  /** What to call a global. */
  nameOf(index: number): string {
    const from = this.module.imports.filter(({ kind }) => kind === "global")[index];
    return from?.field ?? this.module.names.globals.get(index) ?? `global ${index}`;
  }

  /** Index of the global that WAMR would take for the auxiliary stack's pointer although it is none. */
  guessedStackPointer(heapBase: number | null, stackGlobal: number | null): number | null {
    if (heapBase === null) return null;
    const index = this.module.globals.findIndex(({ mutable, type, initial }) => {
      const value = initial.value === null ? 0 : Number(initial.value);
      return mutable && type === "i32" && value !== 0 && value <= heapBase;
    });
    return index < 0 || index + this.imported === stackGlobal ? null : index + this.imported;
  }
}
