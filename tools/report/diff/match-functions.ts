/** Pairs the functions of two builds: by name, then by equal code, then by equal shape, then by likeness. */
import type { FunctionInfo } from "../../wasm/function-space.js";
import type { Analysis } from "../analysis.js";
import { digest, likeness, type Shape, shapeOf } from "./shape.js";

/** A function before and after; null where it was not there. */
export interface FunctionPair {
  readonly old: FunctionInfo | null;
  readonly now: FunctionInfo | null;
  readonly matched: "name" | "shape" | null;
}

/** Functions less alike than this are not the same function. */
const LEAST_LIKENESS = 0.6;
/** Beyond so many candidates likeness takes too long; equal shapes still pair. */
const MOST_CANDIDATES = 1500;

/** Pairs every defined function of both builds. */
export function matchFunctions(old: Analysis, now: Analysis): FunctionPair[] {
  const pairs: FunctionPair[] = [];
  const rest = { old: defined(old), now: defined(now) };
  takeEqual(rest, pairs, "name", (info) => (info.named ? info.name : null));
  const code = (analysis: Analysis, { code }: FunctionInfo): string =>
    digest(analysis.input.bytes.subarray(code!.body.start, code!.end));
  const bytes = new Map<FunctionInfo, string>();
  for (const info of rest.old) bytes.set(info, code(old, info));
  for (const info of rest.now) bytes.set(info, code(now, info));
  takeEqual(rest, pairs, "shape", (info) => bytes.get(info)! + JSON.stringify(info.signature));
  const shapes = new Map<FunctionInfo, Shape>();
  for (const info of rest.old) shapes.set(info, shapeOf(old.input.module, info.code!));
  for (const info of rest.now) shapes.set(info, shapeOf(now.input.module, info.code!));
  takeEqual(rest, pairs, "shape", (info) => shapes.get(info)!.hash + JSON.stringify(info.signature));
  takeAlike(rest, pairs, shapes);
  for (const info of rest.old) pairs.push({ old: info, now: null, matched: null });
  for (const info of rest.now) pairs.push({ old: null, now: info, matched: null });
  return pairs;
}

function defined(analysis: Analysis): FunctionInfo[] {
  return analysis.functions.filter(({ code }) => code !== null);
}

interface Rest {
  old: FunctionInfo[];
  now: FunctionInfo[];
}

/** Pairs functions with equal keys, in order; what stays alone remains in `rest`. */
function takeEqual(
  rest: Rest,
  pairs: FunctionPair[],
  matched: "name" | "shape",
  keyOf: (info: FunctionInfo) => string | null,
): void {
  const byKey = new Map<string, FunctionInfo[]>();
  // From the last to the first, so that `pop` gives them in order.
  for (const info of rest.old.toReversed()) {
    const key = keyOf(info);
    if (key === null) continue;
    const list = byKey.get(key);
    if (list) list.push(info);
    else byKey.set(key, [info]);
  }
  const taken = new Set<FunctionInfo>();
  rest.now = rest.now.filter((info) => {
    const key = keyOf(info);
    const old = key === null ? undefined : byKey.get(key)?.pop();
    if (!old) return true;
    taken.add(old);
    pairs.push({ old, now: info, matched });
    return false;
  });
  rest.old = rest.old.filter((info) => !taken.has(info));
}

/** Pairs what is most alike first. Two functions that are named, and differently, are two functions. */
function takeAlike(rest: Rest, pairs: FunctionPair[], shapes: ReadonlyMap<FunctionInfo, Shape>): void {
  if (rest.old.length === 0 || rest.now.length === 0) return;
  if (Math.max(rest.old.length, rest.now.length) > MOST_CANDIDATES) return;
  const candidates: { old: FunctionInfo; now: FunctionInfo; score: number }[] = [];
  for (const old of rest.old) {
    for (const now of rest.now) {
      const score = likeness(shapes.get(old)!, shapes.get(now)!);
      if (score >= LEAST_LIKENESS) candidates.push({ old, now, score });
    }
  }
  const taken = new Set<FunctionInfo>();
  for (const { old, now } of candidates.sort((x, y) => y.score - x.score)) {
    if (taken.has(old) || taken.has(now)) continue;
    taken.add(old).add(now);
    pairs.push({ old, now, matched: "shape" });
  }
  rest.old = rest.old.filter((info) => !taken.has(info));
  rest.now = rest.now.filter((info) => !taken.has(info));
}
