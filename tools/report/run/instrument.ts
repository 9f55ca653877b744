/** Makes a module that counts its instructions block by block and tells of its calls and allocations. */
import { ByteReader } from "../../wasm/byte-reader.js";
import type { CoreModule, Section } from "../../wasm/core-module.js";
import type { FunctionInfo } from "../../wasm/function-space.js";
import type { AllocatorMap } from "./allocator-map.js";
import { type BlockInfo, BodyRewriter, type Indices } from "./body-rewriter.js";
import { BLOCK_COUNTER, PROBE_TABLE, PROBES, TOTAL_COUNTER } from "./probe-interface.js";
import { ByteWriter, functionType } from "../../wasm/byte-writer.js";

/** A module with probes, and what their numbers mean. */
export interface Instrumented {
  readonly bytes: Uint8Array;
  /** The basic blocks, by the number of their counter. */
  readonly blocks: readonly BlockInfo[];
}

/** Section ids in the order in which a module has them. */
const SECTION_ORDER = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];
const FUNCREF = 0x70;
const F64 = 0x7c;

/** Instruments `module`. */
export function instrument(
  module: CoreModule,
  functions: readonly FunctionInfo[],
  allocators: AllocatorMap,
): Instrumented {
  const plan = planIndices(module, functions);
  const rewriter = new BodyRewriter(module, functions, allocators, plan.indices);
  const bodies = functions.filter((info) => info.code).map((info) => rewriter.rewrite(info));
  const probes = Object.values(PROBES);
  const additions = new Map<number, Addition>([
    [1, entries([...probes.map(({ params }) => functionType(params, [])), ...rewriter.newTypes])],
    [3, entries(probes.map((_, index) => new ByteWriter().u32(plan.indices.firstType + index).bytes))],
    [4, entries([new ByteWriter().put(FUNCREF, 0).u32(probes.length).bytes])],
    [6, entries(Array.from({ length: rewriter.blocks.length + 1 }, () => counterGlobal()))],
    [7, entries(exportsOf(plan, rewriter.blocks.length))],
    [9, entries([probeElements(plan, probes.length)])],
  ]);
  const code = new ByteWriter().u32(bodies.length + probes.length);
  const nothing = new Uint8Array([0, 0x0b]);
  for (const body of [...bodies, ...probes.map(() => nothing)]) code.sized(body);
  return { bytes: assemble(module, additions, code.bytes), blocks: rewriter.blocks };
}

interface Plan {
  readonly indices: Indices;
  readonly firstProbeFunction: number;
}

function planIndices(module: CoreModule, functions: readonly FunctionInfo[]): Plan {
  const imported = (kind: string): number => module.imports.filter((entry) => entry.kind === kind).length;
  return {
    indices: {
      firstType: module.types.length,
      firstExtraType: module.types.length + Object.keys(PROBES).length,
      table: imported("table") + module.tables.length,
      totalGlobal: imported("global") + module.globals.length,
    },
    firstProbeFunction: functions.length,
  };
}

interface Addition {
  readonly count: number;
  readonly bytes: Uint8Array;
}

function entries(list: readonly Uint8Array[]): Addition {
  const writer = new ByteWriter();
  for (const entry of list) writer.append(entry);
  return { count: list.length, bytes: writer.bytes };
}

function counterGlobal(): Uint8Array {
  return new ByteWriter().put(F64, 1, 0x44).f64(0).put(0x0b).bytes;
}

function exportsOf({ indices }: Plan, blocks: number): Uint8Array[] {
  const globalExport = (name: string, index: number): Uint8Array =>
    new ByteWriter().name(name).put(3).u32(index).bytes;
  return [
    new ByteWriter().name(PROBE_TABLE).put(1).u32(indices.table).bytes,
    globalExport(TOTAL_COUNTER, indices.totalGlobal),
    ...Array.from({ length: blocks }, (_, block) =>
      globalExport(BLOCK_COUNTER + block, indices.totalGlobal + 1 + block),
    ),
  ];
}

/** An active segment that fills the probes' table with functions that do nothing. */
function probeElements({ indices, firstProbeFunction }: Plan, count: number): Uint8Array {
  const writer = new ByteWriter().u32(2).u32(indices.table).put(0x41, 0, 0x0b, 0).u32(count);
  for (let i = 0; i < count; i++) writer.u32(firstProbeFunction + i);
  return writer.bytes;
}

/** The module's sections with the additions behind what they hold; sections that were missing come in their place. */
function assemble(
  module: CoreModule,
  additions: ReadonlyMap<number, Addition>,
  code: Uint8Array,
): Uint8Array {
  const writer = new ByteWriter().append(module.bytes.subarray(0, 8));
  const waiting = new Set(additions.keys());
  const order = (id: number): number => SECTION_ORDER.indexOf(id);
  for (const section of module.sections) {
    if (section.id !== 0) {
      for (const id of SECTION_ORDER) {
        if (waiting.has(id) && order(id) < order(section.id))
          writeSection(writer, id, null, additions.get(id)!, module, waiting);
      }
    }
    if (section.id === 10) writer.put(10).sized(code);
    else if (waiting.has(section.id))
      writeSection(writer, section.id, section, additions.get(section.id)!, module, waiting);
    else writer.append(module.bytes.subarray(section.start, section.end));
  }
  return writer.bytes;
}

function writeSection(
  writer: ByteWriter,
  id: number,
  section: Section | null,
  { count, bytes }: Addition,
  module: CoreModule,
  waiting: Set<number>,
): void {
  waiting.delete(id);
  const payload = new ByteWriter();
  if (section) {
    const reader = new ByteReader(module.bytes, section.payload.start, section.payload.end);
    payload.u32(reader.u32() + count).append(module.bytes.subarray(reader.offset, section.payload.end));
  } else payload.u32(count);
  writer.put(id).sized(payload.append(bytes).bytes);
}
