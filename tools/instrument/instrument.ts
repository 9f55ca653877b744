/**
 * Adds counters to a core module without touching anything else in it: a global each, exported, and code that adds
 * to it at given places. No index of the module changes, and every byte of the result knows where it stood before.
 */
import { ByteReader } from "../wasm/byte-reader.js";
import { ByteWriter } from "../wasm/byte-writer.js";
import type { CodeEntry, CoreModule, Section } from "../wasm/core-module.js";
import { readModule } from "../wasm/read-module.js";

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

/** A module with counters. */
export interface InstrumentedModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The byte of the original file that stands at `offset` of this one; for inserted code, the place it stands at. */
  originalOffset(offset: number): number;
}

const SECTION = { GLOBAL: 6, EXPORT: 7, CODE: 10 } as const;
/** Sections that come after `global` and `export` in a module. */
const AFTER_GLOBAL = new Set([7, 8, 9, 12, 10, 11]);
const AFTER_EXPORT = new Set([8, 9, 12, 10, 11]);

/**
 * Adds the counters.
 * @throws WasmFormatError when the bytes are no core module
 */
export function instrument(bytes: Uint8Array, plans: readonly CounterPlan[]): InstrumentedModule {
  const module = readModule(bytes);
  const firstGlobal = module.imports.filter(({ kind }) => kind === "global").length + module.globals.length;
  const output = new Output(bytes);
  output.copy(0, 8);
  let globalsDone = false;
  let exportsDone = false;
  const addGlobals = (section: Section | null): void => {
    globalsDone = true;
    extend(
      output,
      SECTION.GLOBAL,
      section,
      plans.map(() => [0x7e, 0x01, 0x42, 0x00, 0x0b]),
    );
  };
  const addExports = (section: Section | null): void => {
    exportsDone = true;
    extend(
      output,
      SECTION.EXPORT,
      section,
      plans.map((plan, i) => exportEntry(plan.exportName, firstGlobal + i)),
    );
  };
  for (const section of module.sections) {
    if (!globalsDone && AFTER_GLOBAL.has(section.id)) addGlobals(null);
    if (!exportsDone && AFTER_EXPORT.has(section.id)) addExports(null);
    if (section.id === SECTION.GLOBAL) addGlobals(section);
    else if (section.id === SECTION.EXPORT) addExports(section);
    else if (section.id === SECTION.CODE) rewriteCode(output, module, insertions(plans, firstGlobal));
    else output.copy(section.start, section.end);
  }
  return output.finish();
}

/** Code to insert, by the byte of the original that it goes in front of. */
type Insertions = ReadonlyMap<number, readonly number[]>;

function insertions(plans: readonly CounterPlan[], firstGlobal: number): Insertions {
  const map = new Map<number, number[]>();
  plans.forEach(({ places }, i) => {
    const global = unsigned(firstGlobal + i);
    for (const { offset, amount } of places) {
      const code = map.get(offset) ?? [];
      code.push(0x23, ...global, 0x42, ...signed(amount), 0x7c, 0x24, ...global);
      map.set(offset, code);
    }
  });
  return map;
}

/** Writes a section with entries added, or a new one when there is none. */
function extend(
  output: Output,
  id: number,
  section: Section | null,
  entries: readonly (readonly number[])[],
): void {
  const added = entries.flat();
  if (section === null) {
    const count = unsigned(entries.length);
    output.insert([id, ...unsigned(count.length + added.length), ...count, ...added]);
    return;
  }
  const { start, end } = section.payload;
  const reader = new ByteReader(output.source, start, end);
  const count = unsigned(reader.u32() + entries.length);
  output.insert([id, ...unsigned(count.length + (end - reader.offset) + added.length), ...count]);
  output.copy(reader.offset, end);
  output.insert(added);
}

function exportEntry(name: string, global: number): number[] {
  const text = new TextEncoder().encode(name);
  return [...unsigned(text.length), ...text, 0x03, ...unsigned(global)];
}

function rewriteCode(output: Output, module: CoreModule, inserted: Insertions): void {
  const bodies = module.code.map((entry) => rewrittenBody(entry, inserted));
  const count = unsigned(bodies.length);
  const byteLength = bodies.reduce(
    (sum, body) => sum + unsigned(body.byteLength).length + body.byteLength,
    count.length,
  );
  output.insert([SECTION.CODE, ...unsigned(byteLength), ...count]);
  for (const { byteLength: length, entry, cuts } of bodies) {
    output.insert(unsigned(length));
    let at = entry.body.start;
    for (const [offset, code] of cuts) {
      output.copy(at, offset);
      output.insert(code);
      at = offset;
    }
    output.copy(at, entry.body.end);
  }
}

interface RewrittenBody {
  readonly entry: CodeEntry;
  readonly byteLength: number;
  readonly cuts: readonly (readonly [offset: number, code: readonly number[]])[];
}

function rewrittenBody(entry: CodeEntry, inserted: Insertions): RewrittenBody {
  const { start, end } = entry.body;
  const cuts = [...inserted].filter(([offset]) => offset >= start && offset < end).sort(([a], [b]) => a - b);
  const byteLength = cuts.reduce((sum, [, code]) => sum + code.length, end - start);
  return { entry, byteLength, cuts };
}

/** The new file as it grows, and where each of its bytes comes from. */
class Output {
  private readonly chunks: Uint8Array[] = [];
  private readonly runs: { readonly at: number; readonly from: number; readonly copied: boolean }[] = [];
  private length = 0;
  private sourceOffset = 0;

  constructor(readonly source: Uint8Array) {}

  copy(start: number, end: number): void {
    this.runs.push({ at: this.length, from: start, copied: true });
    this.chunks.push(this.source.subarray(start, end));
    this.length += end - start;
    this.sourceOffset = end;
  }

  insert(bytes: readonly number[]): void {
    this.runs.push({ at: this.length, from: this.sourceOffset, copied: false });
    this.chunks.push(Uint8Array.from(bytes));
    this.length += bytes.length;
  }

  finish(): InstrumentedModule {
    const bytes = new Uint8Array(this.length);
    let at = 0;
    for (const chunk of this.chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return {
      bytes,
      originalOffset: (offset) => {
        const run = this.runs.findLast((candidate) => candidate.at <= offset)!;
        return run.copied ? run.from + (offset - run.at) : run.from;
      },
    };
  }
}

/** Unsigned LEB128. */
function unsigned(value: number): number[] {
  return [...new ByteWriter().u32(value).bytes];
}

/** Signed LEB128. */
function signed(value: number): number[] {
  return [...new ByteWriter().s64(BigInt(value)).bytes];
}
