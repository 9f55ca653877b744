/**
 * Counts what a guest allocates: executed `memory.grow`s and calls of functions that hand out memory, known
 * by their names. A module that has neither is left as it is.
 */
import type { CoreModule } from "../wasm/core-module.js";
import { isAllocatorName } from "../analysis/allocation-verdict.js";
import { InstructionReader } from "../wasm/instruction-reader.js";
import { Op } from "../wasm/opcodes.js";
import { readModule } from "../wasm/read-module.js";
import type { RewrittenModule } from "../wasm/rewrite-module.js";
import { instrument, type CountingPlace } from "./instrument.js";

/** The export of the counter. */
export const ALLOCATIONS_EXPORT = "rill:allocations";

/**
 * The module with a counter of allocations, or null when nothing in it could count.
 * @throws WasmFormatError when the bytes are no core module
 */
export function withAllocationCounter(bytes: Uint8Array): RewrittenModule | null {
  const module = readModule(bytes);
  const places = [...grows(module), ...allocators(module)];
  return places.length === 0 ? null : instrument(bytes, [{ exportName: ALLOCATIONS_EXPORT, places }]);
}

/** Allocations so far of an instance of a module with the counter; 0 without the counter. */
export function allocationCount(exports: WebAssembly.Exports): number {
  const counter = exports[ALLOCATIONS_EXPORT];
  return counter instanceof WebAssembly.Global ? Number(counter.value) : 0;
}

function grows({ bytes, code }: CoreModule): CountingPlace[] {
  const reader = new InstructionReader(bytes);
  const places: CountingPlace[] = [];
  for (const entry of code) {
    reader.reset(entry.code, entry.end);
    while (!reader.done) {
      reader.next();
      if (reader.opcode === Op.MEMORY_GROW) places.push({ offset: reader.start, amount: 1 });
    }
  }
  return places;
}

function allocators({ imports, exports, code, names }: CoreModule): CountingPlace[] {
  const firstDefined = imports.filter(({ kind }) => kind === "func").length;
  const namesOf = (index: number): string[] => [
    names.functions.get(index) ?? "",
    ...exports.filter((entry) => entry.kind === "func" && entry.index === index).map((entry) => entry.name),
  ];
  return code.flatMap((entry, i) =>
    namesOf(firstDefined + i).some(isAllocatorName) ? [{ offset: entry.code, amount: 1 }] : [],
  );
}
