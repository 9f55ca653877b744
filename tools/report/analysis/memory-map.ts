/** What lies where in linear memory, as far as the binary shows it: no byte twice, no byte left out. */
import { EVENT_BYTES, OPERATION_BYTES } from "../../source/library-layout.js";
import type { CoreModule } from "../../wasm/core-module.js";
import type { FunctionInfo } from "../../wasm/function-space.js";
import { parseImportName } from "../../wit/canonical-names.js";
import { type FunctionFacts, isKnown } from "../../analysis/function-facts.js";
import type { ElementBytes } from "../../analysis/wit-imports.js";
import { placedData, type StaticMemory } from "./static-memory.js";
import type { StaticObject } from "./static-names.js";
import { findStaticObjects } from "./static-objects.js";

/** What a region of static memory is for. */
export type RegionKind =
  | "slot"
  | "operation"
  | "event"
  | "frame"
  | "frame word"
  | "string"
  | "data"
  | "arena"
  | "stack"
  | "heap"
  | "static"
  | "unused";

/** A region of static memory: where, how long, what for. */
export interface MemoryRegion {
  readonly start: number;
  readonly byteLength: number;
  readonly kind: RegionKind;
  readonly label: string;
}

/** Where an address is named from: gives the source position of a byte of code. */
export type PlaceOf = (at: number) => string | null;

interface Claim extends MemoryRegion {
  /** The higher claim wins where two overlap. */
  readonly rank: number;
}

/** What is known of a module beside its binary. */
export interface KnownMemory {
  readonly placeOf: PlaceOf;
  readonly elementBytes: ElementBytes;
  /** Whether the guest uses our library, whose operations lie in front of their slots. */
  readonly asRill: boolean;
  /** Static memory that the build named. */
  readonly objects: readonly StaticObject[];
}

/** Draws the map of one memory. */
export function drawMemoryMap(
  module: CoreModule,
  functions: readonly FunctionInfo[],
  facts: readonly FunctionFacts[],
  memory: StaticMemory,
  { placeOf, elementBytes, asRill, objects }: KnownMemory,
): MemoryRegion[] {
  if (memory.initialBytes === 0 && memory.usedBytes === 0) return [];
  // The build's names and the canonical ABI are of the first memory.
  const known =
    memory.index > 0
      ? []
      : [...objects.map(objectClaim), ...canonicalClaims(functions, facts, elementBytes, asRill)];
  const claims = [
    ...dataClaims(module, memory.index),
    ...known,
    ...accessClaims(module, facts, memory.index, placeOf),
    ...stackAndHeap(facts, memory),
  ];
  return tile(claims, Math.max(memory.initialBytes, memory.usedBytes));
}

/**
 * Below operations, slots and strings inside it; an arena's or a table's bytes
 * are never told apart by single words.
 */
function objectClaim({ address, bytes, kind, label }: StaticObject): Claim {
  const rank = kind === "frame" ? 1.2 : 5.5;
  return { start: address, byteLength: bytes, kind, label, rank };
}

function dataClaims(module: CoreModule, index: number): Claim[] {
  const { data } = placedData(module, index);
  const objects = findStaticObjects(module, data).map(({ start, byteLength, text }) => ({
    start,
    byteLength,
    kind: "string" as const,
    label: JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text),
    rank: 9,
  }));
  const segments = data.map(({ entry: { content }, segment, start }) => {
    const byteLength = content.end - content.start;
    return { start, byteLength, kind: "data" as const, label: segmentName(module, segment), rank: 8 };
  });
  return [...objects, ...segments];
}

function segmentName(module: CoreModule, segment: number): string {
  return module.names.dataSegments.get(segment) ?? `data segment ${segment}`;
}

/** Buffers whose constant address is handed to a canonical built-in: slots and event words. */
function canonicalClaims(
  functions: readonly FunctionInfo[],
  facts: readonly FunctionFacts[],
  elementBytes: ElementBytes,
  asRill: boolean,
): Claim[] {
  const claims = new Map<string, Claim>();
  const add = (claim: Claim): void => {
    const key = `${claim.start} ${claim.kind}`;
    const before = claims.get(key);
    if (!before) claims.set(key, claim);
    else if (!before.label.includes(claim.label)) {
      claims.set(key, {
        ...before,
        label: `${before.label}, ${claim.label}`,
        byteLength: Math.max(before.byteLength, claim.byteLength),
      });
    }
  };
  for (const { callee, args } of facts.flatMap((fact) => fact.calls)) {
    const target = functions[callee]?.import;
    if (!args || !target) continue;
    const { builtin, subject = "", type } = parseImportName(target.field);
    if (builtin === null) continue;
    if (/^waitable-set\.(wait|poll)$/.test(builtin) && isKnown(args[1])) {
      add({
        start: args[1],
        byteLength: EVENT_BYTES,
        kind: "event",
        label: "event: waitable, payload",
        rank: 7,
      });
    } else if (/^(stream|future)\.(read|write)$/.test(builtin) && isKnown(args[1])) {
      const length = isKnown(args[2]) ? args[2] : 1;
      const element = elementBytes(target.module, target.field);
      const label = `${subject} ${builtin}${typeof type === "number" ? ` ${type}` : ""}`.trim();
      const byteLength = (element ?? smallestGuess(facts, args[1])) * length;
      add({ start: args[1], byteLength, kind: "slot", label, rank: 7 });
      const inFrame = args[1] >= OPERATION_BYTES && length === 1;
      if (inFrame && (asRill || isOperation(facts, args[1]))) {
        add(operationClaim(args[1] - OPERATION_BYTES, label, isOperation(facts, args[1])));
      }
    }
  }
  return [...claims.values()];
}

/** Bytes that the code itself loads or stores at the slot's address; 4 when it never does. */
function smallestGuess(facts: readonly FunctionFacts[], address: number): number {
  let widest = 0;
  for (const { accesses } of facts) {
    for (const access of accesses)
      if (access.address === address) widest = Math.max(widest, access.byteLength);
  }
  return widest || 4;
}

/** The operation in front of a slot; the optimiser may keep its words in locals, then nothing lies there. */
function operationClaim(start: number, label: string, inMemory: boolean): Claim {
  const kept = inMemory ? "" : ", its words kept in locals";
  const rank = inMemory ? 6 : 1.5;
  return {
    start,
    byteLength: OPERATION_BYTES,
    kind: "operation",
    label: `operation of ${label}${kept}`,
    rank,
  };
}

/** Whether the words in front of a slot are used as an operation's: its handle or its status is touched. */
function isOperation(facts: readonly FunctionFacts[], slot: number): boolean {
  const handle = slot - OPERATION_BYTES;
  return facts.some(({ accesses }) =>
    accesses.some(
      ({ address, byteLength }) => byteLength === 4 && (address === handle || address === handle + 4),
    ),
  );
}

function accessClaims(
  module: CoreModule,
  facts: readonly FunctionFacts[],
  index: number,
  placeOf: PlaceOf,
): Claim[] {
  const words = new Map<number, { byteLength: number; at: number }>();
  const filled: Claim[] = [];
  for (const { accesses } of facts) {
    for (const { memory, address, byteLength, at, segment } of accesses) {
      if (memory !== index) continue;
      if (segment !== undefined) {
        const label = `${segmentName(module, segment)}, put there by memory.init`;
        filled.push({ start: address, byteLength, kind: "data", label, rank: 8 });
        continue;
      }
      const word = words.get(address);
      if (!word || word.byteLength < byteLength) words.set(address, { byteLength, at: word?.at ?? at });
    }
  }
  const named = [...words].map(([start, { byteLength, at }]): Claim => {
    const place = placeOf(at);
    // assembly/arena.ts leaves the number of missing bytes there.
    const isShortage = start === 0 && place?.includes("/assembly/arena.ts:");
    const used = place ? `word used at ${place}` : "static word";
    return {
      start,
      byteLength,
      kind: isShortage ? "static" : "frame word",
      label: isShortage ? "bytes that a full arena lacked" : used,
      rank: 5,
    };
  });
  return [...filled, ...named];
}

function stackAndHeap(facts: readonly FunctionFacts[], memory: StaticMemory): Claim[] {
  const claims: Claim[] = [];
  const { stackPointer, stackStart, usedBytes, initialBytes } = memory;
  if (stackPointer !== null) {
    claims.push({
      start: stackStart,
      byteLength: stackPointer - stackStart,
      kind: "stack",
      label: "compiler's stack, growing down",
      rank: 2,
    });
  }
  claims.push({
    start: 0,
    byteLength: usedBytes,
    kind: "static",
    label: "not touched at a fixed address",
    rank: 1,
  });
  if (initialBytes > usedBytes) {
    const { kind, label } = restOf(facts, memory);
    claims.push({
      start: usedBytes,
      byteLength: initialBytes - usedBytes,
      kind,
      label,
      rank: 0,
    });
  }
  return claims;
}

/** What lies behind the bytes that are known to be used. */
function restOf(facts: readonly FunctionFacts[], memory: StaticMemory): Pick<MemoryRegion, "kind" | "label"> {
  if (memory.base !== null) return { kind: "unused", label: "not this library's" };
  if (facts.some(({ grownMemories }) => grownMemories.includes(memory.index)))
    return { kind: "heap", label: "heap" };
  return memory.isAtLeast
    ? { kind: "static", label: "may be used: the code computes addresses" }
    : { kind: "unused", label: "beyond what the program uses" };
}

/** Cuts the claims so that each byte belongs to the highest one over it. */
function tile(claims: readonly Claim[], end: number): MemoryRegion[] {
  const sorted = claims.filter(({ byteLength }) => byteLength > 0).sort((x, y) => x.start - y.start);
  const cuts = [
    ...new Set([0, end, ...sorted.flatMap(({ start, byteLength }) => [start, start + byteLength])]),
  ]
    .filter((cut) => cut >= 0 && cut <= end)
    .sort((x, y) => x - y);
  const regions: MemoryRegion[] = [];
  let open: Claim[] = [];
  let next = 0;
  for (let index = 0; index + 1 < cuts.length; index++) {
    const start = cuts[index]!;
    while (next < sorted.length && sorted[next]!.start <= start) open.push(sorted[next++]!);
    open = open.filter((claim) => claim.start + claim.byteLength > start);
    const winner = open.reduce<Claim | null>(
      (best, claim) => (best && best.rank >= claim.rank ? best : claim),
      null,
    );
    append(regions, winner, start, cuts[index + 1]!);
  }
  return regions;
}

function append(regions: MemoryRegion[], claim: Claim | null, start: number, end: number): void {
  const kind = claim?.kind ?? "unused";
  const label = claim?.label ?? "";
  const last = regions.at(-1);
  if (last?.kind === kind && last.label === label) {
    regions[regions.length - 1] = { ...last, byteLength: end - last.start };
  } else regions.push({ start, byteLength: end - start, kind, label });
}
