/**
 * Adds to a module without changing an index of it: entries behind those of its
 * sections, other code in its functions.
 */
import { ByteReader } from "./byte-reader.js";
import { ByteWriter } from "./byte-writer.js";
import type { ByteRange, CoreModule, Section } from "./core-module.js";

/** Numbers of the sections that entries can be added to. */
export const SECTION = { TYPE: 1, FUNCTION: 3, TABLE: 4, GLOBAL: 6, EXPORT: 7, ELEMENT: 9 } as const;
const CODE_SECTION = 10;
/** Section numbers in the order in which a module has them. */
const SECTION_ORDER = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

/** A part of a function's body: bytes of the module that stay, or bytes that are new. */
export type Piece = ByteRange | Uint8Array;

/** What is to be another. */
export interface ModuleChanges {
  /** Entries to add, by section. */
  readonly entries: ReadonlyMap<number, readonly Uint8Array[]>;
  /** Every function's body, those of new functions last. */
  readonly bodies: readonly (readonly Piece[])[];
}

/** A module that was rewritten. */
export interface RewrittenModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /**
   * The byte of the original file that stands at `offset` of this one; for what
   * is new, the place it stands at.
   */
  originalOffset(offset: number): number;
}

/** Makes the module anew; a section that it does not have comes where it belongs. */
export function rewriteModule(module: CoreModule, { entries, bodies }: ModuleChanges): RewrittenModule {
  const output = new Output(module.bytes);
  output.copy(0, 8);
  const waiting = new Map(entries);
  const order = (id: number): number => SECTION_ORDER.indexOf(id);
  for (const section of module.sections) {
    const missing = SECTION_ORDER.filter((id) => waiting.has(id) && order(id) < order(section.id));
    for (const id of missing) {
      extend(output, id, null, waiting.get(id)!);
      waiting.delete(id);
    }
    const added = waiting.get(section.id);
    waiting.delete(section.id);
    if (section.id === CODE_SECTION) rewriteCode(output, bodies);
    else if (added) extend(output, section.id, section, added);
    else output.copy(section.start, section.end);
  }
  return output.finish();
}

/** Writes a section with entries added, or a new one when there is none. */
function extend(output: Output, id: number, section: Section | null, entries: readonly Uint8Array[]): void {
  const added = new ByteWriter();
  for (const entry of entries) added.append(entry);
  const { start, end } = section?.payload ?? { start: 0, end: 0 };
  const reader = new ByteReader(output.source, start, end);
  const count = new ByteWriter().u32((section ? reader.u32() : 0) + entries.length).bytes;
  const kept = end - reader.offset;
  const byteLength = count.length + kept + added.bytes.length;
  output.insert(new ByteWriter().put(id).u32(byteLength).append(count).bytes);
  if (section) output.copy(reader.offset, end);
  output.insert(added.bytes);
}

function rewriteCode(output: Output, bodies: readonly (readonly Piece[])[]): void {
  const count = new ByteWriter().u32(bodies.length).bytes;
  const sized = bodies.map((pieces) => {
    const byteLength = pieces.reduce((sum, piece) => sum + lengthOf(piece), 0);
    return { pieces, byteLength, head: new ByteWriter().u32(byteLength).bytes };
  });
  const all = sized.reduce((sum, { byteLength, head }) => sum + head.length + byteLength, count.length);
  output.insert(new ByteWriter().put(CODE_SECTION).u32(all).append(count).bytes);
  for (const { pieces, head } of sized) {
    output.insert(head);
    for (const piece of pieces) {
      if (piece instanceof Uint8Array) output.insert(piece);
      else output.copy(piece.start, piece.end);
    }
  }
}

function lengthOf(piece: Piece): number {
  return piece instanceof Uint8Array ? piece.length : piece.end - piece.start;
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

  insert(bytes: Uint8Array): void {
    this.runs.push({ at: this.length, from: this.sourceOffset, copied: false });
    this.chunks.push(bytes);
    this.length += bytes.length;
  }

  finish(): RewrittenModule {
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
