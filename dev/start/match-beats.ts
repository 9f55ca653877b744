/** How well found beats agree with reference beats: one-to-one pairs within a tolerance. */

/**
 * The measures of beat detection, after ANSI/AAMI EC57: each reference beat and
 * each found beat is in one pair at most.
 */
export interface BeatAgreement {
  /** Pairs of a reference beat and a found one. */
  readonly matched: number;
  /** Share of the reference beats that were found. */
  readonly sensitivity: number;
  /** Share of the found beats that are reference beats. */
  readonly positivePredictivity: number;
  /** Harmonic mean of both; 0 without any pair. */
  readonly f1: number;
}

interface Pair {
  readonly reference: number;
  readonly found: number;
  readonly distance: number;
}

/**
 * Pairs beats, nearest first; a tie goes to the earlier beat.
 * @param reference sample indices, ascending
 * @param found     sample indices, ascending
 * @param tolerance samples by which the two of a pair may differ
 */
export function matchBeats(
  reference: readonly number[],
  found: readonly number[],
  tolerance: number,
): BeatAgreement {
  const pairs = pairsWithin(reference, found, tolerance);
  pairs.sort((a, b) => a.distance - b.distance || a.reference - b.reference || a.found - b.found);
  const pairedReference = new Set<number>();
  const pairedFound = new Set<number>();
  for (const pair of pairs) {
    if (pairedReference.has(pair.reference) || pairedFound.has(pair.found)) continue;
    pairedReference.add(pair.reference);
    pairedFound.add(pair.found);
  }
  const matched = pairedReference.size;
  return {
    matched,
    sensitivity: share(matched, reference.length),
    positivePredictivity: share(matched, found.length),
    f1: share(2 * matched, reference.length + found.length),
  };
}

/** All pairs within the tolerance, by index: a window moves over `found` as `reference` goes on. */
function pairsWithin(reference: readonly number[], found: readonly number[], tolerance: number): Pair[] {
  const pairs: Pair[] = [];
  let first = 0;
  for (const [index, at] of reference.entries()) {
    while (first < found.length && found[first]! < at - tolerance) first++;
    for (let other = first; other < found.length && found[other]! <= at + tolerance; other++) {
      pairs.push({ reference: index, found: other, distance: Math.abs(found[other]! - at) });
    }
  }
  return pairs;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
