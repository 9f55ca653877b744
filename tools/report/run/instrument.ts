/** Makes a module that counts its instructions block by block and tells of its calls and allocations. */
import type { CoreModule } from "../../wasm/core-module.js";
import type { FunctionInfo } from "../../wasm/function-space.js";
import type { AllocatorMap } from "./allocator-map.js";
import { type BlockInfo, BodyRewriter, type Indices } from "./body-rewriter.js";
import { BLOCK_COUNTER, PROBE_TABLE, PROBES, TOTAL_COUNTER } from "./probe-interface.js";
import { ByteWriter, functionType } from "../../wasm/byte-writer.js";
import { SECTION, rewriteModule } from "../../wasm/rewrite-module.js";

/** A module with probes, and what their numbers mean. */
export interface Instrumented {
  readonly bytes: Uint8Array;
  /** The basic blocks, by the number of their counter. */
  readonly blocks: readonly BlockInfo[];
}

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
  const nothing = new Uint8Array([0, 0x0b]);
  const { bytes } = rewriteModule(module, {
    entries: new Map<number, readonly Uint8Array[]>([
      [SECTION.TYPE, [...probes.map(({ params }) => functionType(params, [])), ...rewriter.newTypes]],
      [
        SECTION.FUNCTION,
        probes.map((_, index) => new ByteWriter().u32(plan.indices.firstType + index).bytes),
      ],
      [SECTION.TABLE, [new ByteWriter().put(FUNCREF, 0).u32(probes.length).bytes]],
      [SECTION.GLOBAL, Array.from({ length: rewriter.blocks.length + 1 }, () => counterGlobal())],
      [SECTION.EXPORT, exportsOf(plan, rewriter.blocks.length)],
      [SECTION.ELEMENT, [probeElements(plan, probes.length)]],
    ]),
    bodies: [...bodies, ...probes.map(() => nothing)].map((body) => [body]),
  });
  return { bytes, blocks: rewriter.blocks };
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
