/**
 * Adds counters to a core module without touching anything else in it: a global each, exported,
 * and code that adds to it at given places. No index of the module changes, and every byte of
 * the result knows where it stood before.
 */
import { ByteWriter } from "../wasm/byte-writer.js";
import type { CodeEntry } from "../wasm/core-module.js";
import { readModule } from "../wasm/read-module.js";
import { type Piece, type RewrittenModule, SECTION, rewriteModule } from "../wasm/rewrite-module.js";

/** A place in a module's code, between two instructions, and what passing it adds to the counter. */
export interface CountingPlace {
  /** Byte of the file. */
  readonly offset: number;
  readonly amount: number;
}

/** A counter to add. */
export interface CounterPlan {
  /** The export that the counter's global, a mutable i64, gets. */
  readonly exportName: string;
  readonly places: readonly CountingPlace[];
}

/**
 * Adds the counters.
 * @throws WasmFormatError when the bytes are no core module
 */
export function instrument(bytes: Uint8Array, plans: readonly CounterPlan[]): RewrittenModule {
  const module = readModule(bytes);
  const firstGlobal = module.imports.filter(({ kind }) => kind === "global").length + module.globals.length;
  const inserted = insertions(plans, firstGlobal);
  const zero = Uint8Array.of(0x7e, 0x01, 0x42, 0x00, 0x0b);
  return rewriteModule(module, {
    entries: new Map([
      [SECTION.GLOBAL, plans.map(() => zero)],
      [SECTION.EXPORT, plans.map(({ exportName }, i) => exportEntry(exportName, firstGlobal + i))],
    ]),
    bodies: module.code.map((entry) => bodyWith(inserted, entry)),
  });
}

/** Code to insert, by the byte of the original that it goes in front of. */
type Insertions = ReadonlyMap<number, ByteWriter>;

function insertions(plans: readonly CounterPlan[], firstGlobal: number): Insertions {
  const map = new Map<number, ByteWriter>();
  plans.forEach(({ places }, i) => {
    const global = firstGlobal + i;
    for (const { offset, amount } of places) {
      const code = map.get(offset) ?? new ByteWriter();
      code.put(0x23).u32(global).put(0x42).s64(BigInt(amount)).put(0x7c, 0x24).u32(global);
      map.set(offset, code);
    }
  });
  return map;
}

function exportEntry(name: string, global: number): Uint8Array {
  return new ByteWriter().name(name).put(0x03).u32(global).bytes;
}

function bodyWith(inserted: Insertions, { body: { start, end } }: CodeEntry): Piece[] {
  const cuts = [...inserted].filter(([offset]) => offset >= start && offset < end).sort(([a], [b]) => a - b);
  let at = start;
  const pieces = cuts.flatMap(([offset, code]): Piece[] => {
    const before = { start: at, end: offset };
    at = offset;
    return [before, code.bytes];
  });
  return [...pieces, { start: at, end }];
}
