/**
 * Counts the wasm instructions that a guest executes, as Wasmtime's fuel does (`cost-model.ts`).
 *
 * A run of instructions without a way in or out between them is counted whole where it begins; one that traps
 * in the middle has counted too much, as in Wasmtime.
 */
import { endsRun } from "../wasm/control-flow.js";
import type { CodeEntry } from "../wasm/core-module.js";
import { InstructionReader } from "../wasm/instruction-reader.js";
import { readModule } from "../wasm/read-module.js";
import type { RewrittenModule } from "../wasm/rewrite-module.js";
import { costOf, ENTRY_COST } from "./cost-model.js";
import { instrument, type CountingPlace } from "./instrument.js";

/** The export of the counter. */
export const INSTRUCTIONS_EXPORT = "rill:instructions";

/** The module with the counter in it. @throws WasmFormatError when the bytes are no core module */
export function withInstructionCounter(bytes: Uint8Array): RewrittenModule {
  const reader = new InstructionReader(bytes);
  const places = readModule(bytes).code.flatMap((entry) => countedRuns(reader, entry));
  return instrument(bytes, [{ exportName: INSTRUCTIONS_EXPORT, places }]);
}

/** Instructions executed so far by an instance of a module with the counter. */
export function instructionCount(exports: WebAssembly.Exports): number {
  return Number((exports[INSTRUCTIONS_EXPORT] as WebAssembly.Global).value);
}

function countedRuns(reader: InstructionReader, { code, end }: CodeEntry): CountingPlace[] {
  const places: CountingPlace[] = [];
  let start = code;
  let amount = ENTRY_COST;
  const close = (next: number): void => {
    if (amount > 0) places.push({ offset: start, amount });
    start = next;
    amount = 0;
  };
  reader.reset(code, end);
  while (!reader.done) {
    reader.next();
    amount += costOf(reader.opcode);
    if (endsRun(reader.opcode)) close(reader.offset);
  }
  return places;
}
