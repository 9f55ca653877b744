/** Which source file the bytes of static memory are of. */
import type { FunctionFacts } from "../../analysis/function-facts.js";
import { originOfSource } from "../../source/origin.js";
import { CALLBACK_STACK, type StaticPlace } from "../../source/static-places.js";
import type { MemoryRegion, PlaceOf } from "./memory-map.js";
import type { StaticMemory } from "./static-memory.js";

/** Bytes of a file's; null for those that nothing tells. */
export interface SourceMemory {
  readonly file: string | null;
  readonly byteLength: number;
}

interface Range {
  readonly start: number;
  readonly end: number;
  readonly file: string;
}

/**
 * The bytes in use by source file, most first; they add up to `usedBytes`. A file has what it declares
 * (`declared`, by the build); of the rest, the regions that its code uses at a fixed address, the user's code
 * before others'.
 */
export function memorySources(
  { index, usedBytes }: StaticMemory,
  regions: readonly MemoryRegion[],
  declared: readonly StaticPlace[],
  facts: readonly FunctionFacts[],
  placeOf: PlaceOf,
): SourceMemory[] {
  const places = declared.map(({ name, address, bytes }) => ({
    start: address,
    end: address + bytes,
    file: fileOf(name),
  }));
  const uses = usesOf(index, facts, placeOf);
  const sums = new Map<string | null, number>();
  const add = (file: string | null, byteLength: number): void => {
    if (byteLength > 0) sums.set(file, (sums.get(file) ?? 0) + byteLength);
  };
  for (const { start, byteLength, kind } of regions) {
    const end = Math.min(start + byteLength, usedBytes);
    for (const piece of cut(start, end, places)) {
      if (piece.file !== null) add(piece.file, piece.end - piece.start);
      else if (WHOLE.has(kind)) add(firstUse(uses, piece.start, piece.end), piece.end - piece.start);
      else if (kind === "data") addTouched(uses, piece.start, piece.end, add);
      else add(null, piece.end - piece.start);
    }
  }
  return [...sums]
    .map(([file, byteLength]) => ({ file, byteLength }))
    .sort((x, y) => y.byteLength - x.byteLength);
}

/** Regions that are one thing: whoever uses a byte of them has them all. */
const WHOLE: ReadonlySet<string> = new Set(["slot", "operation", "event", "frame", "frame word", "string"]);

/** Data of many files lies in one segment: a file has the bytes that its code touches. */
function addTouched(
  uses: readonly Range[],
  start: number,
  end: number,
  add: (file: string | null, byteLength: number) => void,
): void {
  let done = start;
  for (let at = lowerBound(uses, start - WIDEST_ACCESS); at < uses.length && uses[at]!.start < end; at++) {
    const use = uses[at]!;
    const [from, to] = [Math.max(use.start, done), Math.min(use.end, end)];
    if (to <= from) continue;
    add(null, from - done);
    add(use.file, to - from);
    done = to;
  }
  add(null, end - done);
}

/** `bindings/NAME/FRAME` is in `bindings/NAME.ts`. */
function fileOf(name: string): string {
  const file = name.slice(0, Math.max(0, name.lastIndexOf("/")));
  return name === CALLBACK_STACK || file === "" ? "rill-entry.ts" : `${file}.ts`;
}

/** The stretch in pieces, each in one declared place or in none. */
function cut(
  start: number,
  end: number,
  places: readonly Range[],
): (Omit<Range, "file"> & { file: string | null })[] {
  const inside = places.filter((place) => place.start < end && place.end > start);
  const cuts = [start, end, ...inside.flatMap((place) => [place.start, place.end])]
    .filter((at) => at >= start && at <= end)
    .sort((x, y) => x - y);
  return cuts.slice(1).flatMap((to, at) => {
    const from = cuts[at]!;
    if (from === to) return [];
    const place = inside.find((each) => each.start <= from && each.end >= to);
    return [{ start: from, end: to, file: place?.file ?? null }];
  });
}

/** Where code uses fixed addresses, lowest first. */
function usesOf(index: number, facts: readonly FunctionFacts[], placeOf: PlaceOf): Range[] {
  const uses = facts.flatMap(({ accesses }) =>
    accesses.flatMap(({ memory, address, byteLength, at }) => {
      const file = memory === index ? placeOf(at)?.replace(/:\d+$/, "") : undefined;
      return file === undefined ? [] : [{ start: address, end: address + byteLength, file }];
    }),
  );
  return uses.sort((x, y) => x.start - y.start);
}

function firstUse(uses: readonly Range[], start: number, end: number): string | null {
  const from = lowerBound(uses, start - WIDEST_ACCESS);
  let found: string | null = null;
  for (let at = from; at < uses.length && uses[at]!.start < end; at++) {
    const { end: until, file } = uses[at]!;
    if (until <= start) continue;
    if (originOfSource(file, "") === "user") return file;
    found ??= file;
  }
  return found;
}

const WIDEST_ACCESS = 16;

function lowerBound(uses: readonly Range[], address: number): number {
  let low = 0;
  let high = uses.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (uses[middle]!.start < address) low = middle + 1;
    else high = middle;
  }
  return low;
}
