/** Functions of a translated guest whose calls are counted: they may call themselves. */
import type { CountedCalls } from "./stack/deepest-chain.js";

/** As in NAME.c: calls at once of functions that may call themselves. */
export const COUNTED_DEPTH = 16;

/** The functions of NAME.c whose calls are counted; null without any. */
export function countedIn(source: string): CountedCalls | null {
  const names = new Set([...source.matchAll(/\b(f\d+)_counted\(/g)].map(([, name]) => name!));
  if (names.size === 0) return null;
  return {
    depth: COUNTED_DEPTH,
    isCounted: (name) => names.has(name.replace(/(?:_counted)?(?:\..*)?$/, "")),
  };
}
