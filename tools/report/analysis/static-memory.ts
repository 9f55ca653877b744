/** What the module says about its linear memory: how much there is, how much is used, and who says so. */
import type { CoreModule } from "../../wasm/core-module.js";
import type { FunctionFacts } from "../../analysis/function-facts.js";

/** Linear memory as the module declares it, in bytes. */
export interface StaticMemory {
  readonly initialBytes: number;
  readonly maximumBytes: number | null;
  /** Bytes from 0 up that the program can use before it allocates. */
  readonly usedBytes: number;
  /** Where `usedBytes` comes from. */
  readonly usedBy: "__heap_base" | "stack pointer" | "static addresses" | "no memory";
  readonly heapBase: number | null;
  readonly dataEnd: number | null;
  /** Initial value of LLVM's stack pointer, null when there is none. */
  readonly stackPointer: number | null;
  /** Whether WAMR gives the guest `usedBytes` instead of whole pages. */
  readonly shrinks: boolean;
  /** Why it does not; empty when it does. */
  readonly obstacles: readonly string[];
}

/** Reads limits, globals and static addresses of `module`. */
export function readStaticMemory(module: CoreModule, facts: readonly FunctionFacts[]): StaticMemory {
  const limits = module.memories[0]?.limits ?? module.imports.find(({ kind }) => kind === "memory")?.limits;
  if (!limits) return NO_MEMORY;
  const page = 2 ** limits.pageSizeLog2;
  const globals = new GlobalView(module);
  const heapBase = globals.constant("__heap_base") ?? globals.named(/(^|\/)__heap_base$/);
  const dataEnd = globals.constant("__data_end");
  const stackPointer = globals.named(/^__stack_pointer$/) ?? globals.likelyStackPointer();
  const reached = Math.max(dataEnd ?? 0, dataSegmentsEnd(module), ...chunkMaxima(facts));
  const used: Pick<StaticMemory, "usedBytes" | "usedBy"> =
    heapBase !== null
      ? { usedBytes: heapBase, usedBy: "__heap_base" }
      : stackPointer !== null && stackPointer > reached
        ? { usedBytes: stackPointer, usedBy: "stack pointer" }
        : { usedBytes: reached, usedBy: "static addresses" };
  const obstacles = shrinkObstacles(module, facts, globals);
  return {
    initialBytes: limits.minimum * page,
    maximumBytes: limits.maximum === null ? null : limits.maximum * page,
    ...used,
    heapBase,
    dataEnd,
    stackPointer,
    shrinks: obstacles.length === 0,
    obstacles,
  };
}

const NO_MEMORY: StaticMemory = {
  initialBytes: 0,
  maximumBytes: 0,
  usedBytes: 0,
  usedBy: "no memory",
  heapBase: null,
  dataEnd: null,
  stackPointer: null,
  shrinks: false,
  obstacles: [],
};

function dataSegmentsEnd(module: CoreModule): number {
  return module.data.reduce((end, { offset, content }) => {
    if (offset?.value == null) return end;
    return Math.max(end, Number(offset.value) + content.end - content.start);
  }, 0);
}

function chunkMaxima(facts: readonly FunctionFacts[]): number[] {
  let end = 0;
  for (const { accesses } of facts) {
    for (const { address, byteLength } of accesses) end = Math.max(end, address + byteLength);
  }
  return [end];
}

/** WAMR's loader (wasm_loader.c) rounds `__data_end` up before it compares it with `__heap_base`. */
const WAMR_DATA_ALIGNMENT = 16;

function alignUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}

function shrinkObstacles(module: CoreModule, facts: readonly FunctionFacts[], globals: GlobalView): string[] {
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
  const guess = globals.guessedStackPointer(globals.constant("__heap_base"));
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

  /** LLVM puts its stack pointer first, mutable, at a multiple of 16; only modules that look like LLVM's are asked. */
  likelyStackPointer(): number | null {
    const first = this.module.globals[0];
    if (!first?.mutable || first.type !== "i32" || first.initial.value === null) return null;
    const value = Number(first.initial.value);
    const producer = this.module.sections.some(
      ({ name }) => name === "producers" || name === "target_features",
    );
    return producer && value >= 1024 && value % 16 === 0 ? value : null;
  }

  /** Index of the global that WAMR would take for the auxiliary stack's pointer although it is none. */
  guessedStackPointer(heapBase: number | null): number | null {
    if (heapBase === null) return null;
    const index = this.module.globals.findIndex(({ mutable, type, initial }) => {
      const value = initial.value === null ? 0 : Number(initial.value);
      return mutable && type === "i32" && value !== 0 && value <= heapBase;
    });
    return index < 0 || this.module.names.globals.get(index) === "__stack_pointer"
      ? null
      : index + this.imported;
  }
}
