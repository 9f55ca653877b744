/**
 * The packed results that a copy can have.
 * Spec: CanonicalABI.md, CopyResult; canon stream.{read,write,cancel-read,cancel-write}.
 */

/** What of an end says which results a copy of its can have. Counts are of items. */
export interface CopySide {
  readonly copyKind: "stream" | "future";
  readonly direction: "read" | "write";
  /** Where the other end is: played by the model, in the guest's own table, dropped. */
  readonly peer: "host" | "guest" | "gone";
  /** Items of the copy in flight. */
  readonly length: number;
  /** Items that the model will still give or take. */
  readonly budget: number;
  /** Items of the copy in flight that have moved already. */
  readonly landed: number;
  /** The code that is certain already; null when it is not. */
  readonly final: number | null;
}

/** A copy that goes on. */
export const BLOCKED = 0xffff_ffff;
/** All went well. */
export const COMPLETED = 0;
/** The other end is gone. */
export const DROPPED = 1;
/** The guest took the copy back. */
export const CANCELLED = 2;
/** Bits of a packed result below the count of items. */
export const PROGRESS_SHIFT = 4;

/** Whether a packed result says that the other end is gone. */
export function saysDropped(result: number): boolean {
  return (result & 0xf) === DROPPED;
}

/** How many items a packed result moved. */
export function progressOf(end: CopySide, result: number): number {
  if (end.copyKind === "stream") return result >>> PROGRESS_SHIFT;
  return result === COMPLETED ? 1 : 0;
}

const cache = new Map<number, readonly number[]>();

/** Results of a copy that settles by itself: in full first, then in part, then with the other end gone. */
export function settledOutcomes(end: CopySide): readonly number[] {
  const { landed, final, copyKind } = end;
  if (end.peer === "guest")
    return final === null && landed === 0 ? [] : [pack(copyKind, final ?? COMPLETED, landed)];
  if (copyKind === "future" && landed > 0) return [COMPLETED];
  if (end.peer === "gone") return [pack(copyKind, DROPPED, landed)];
  if (copyKind === "future") return end.direction === "read" ? [COMPLETED] : [COMPLETED, DROPPED];
  const all = cached(end, false, () => {
    const most = Math.min(end.length, end.budget);
    const progress = Array.from({ length: most }, (_, i) => most - i);
    const completed = end.length === 0 ? [COMPLETED] : progress.map((n) => (n << PROGRESS_SHIFT) | COMPLETED);
    return [...completed, DROPPED, ...progress.map((n) => (n << PROGRESS_SHIFT) | DROPPED)];
  });
  return landed === 0 ? all : all.filter((result) => result >>> PROGRESS_SHIFT >= landed);
}

function pack(copyKind: "stream" | "future", code: number, progress: number): number {
  return copyKind === "future" ? code : code | (progress << PROGRESS_SHIFT);
}

/** Results of the call that begins a copy: those, or BLOCKED. */
export function startOutcomes(end: CopySide): readonly number[] {
  if (end.peer === "guest") return [BLOCKED];
  if (end.copyKind === "future" || end.peer === "gone") return [...settledOutcomes(end), BLOCKED];
  return cached(end, true, () => [...settledOutcomes(end), BLOCKED]);
}

/**
 * Results of a cancel: those of a copy that settled just before, or CANCELLED, with progress or without. One
 * that has moved items already has its event.
 */
export function cancelOutcomes(end: CopySide): readonly number[] {
  const settled = settledOutcomes(end);
  if (end.landed > 0 || end.final !== null) return settled;
  if (end.copyKind === "future") return [CANCELLED, ...settled];
  const most = end.peer === "host" ? Math.min(end.length, end.budget) : 0;
  const progress = Array.from({ length: most }, (_, i) => ((i + 1) << PROGRESS_SHIFT) | CANCELLED);
  return [CANCELLED, ...settled, ...progress];
}

function cached(end: CopySide, start: boolean, make: () => readonly number[]): readonly number[] {
  if (end.length > 255) return make();
  const key = (end.length << 9) | (Math.min(end.budget, 255) << 1) | (start ? 1 : 0);
  let found = cache.get(key);
  if (!found) cache.set(key, (found = make()));
  return found;
}
