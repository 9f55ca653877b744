/** Every correct guest, and what is known of it: the gate's own, and those that ship. */
import { join } from "node:path";
import { type PreparedGuest, prepareGuest } from "../../tools/compile/guest-module.js";
import { type CheckBounds, defaultBounds } from "../../tools/gate/check-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { isLong } from "../tier.js";
import { guestContents, shippedContents } from "./contents.js";
import { gateGuest, guestNames, silentGuestNames } from "./gate-guests.js";
import { isCorrect } from "./on-purpose.js";

/** Everything that ships as a guest: WIT beside it, one world. */
export const shipped: readonly string[] = [
  ...["double", "lists", "shapes", "texts", "values", "wide", "callers", "futures", "nested", "counters"].map(
    (name) => `tests/guests/${name}/${name}`,
  ),
  ...["ecg", "imu", "names"].map((name) => `examples/${name}/${name}`),
];

/**
 * Guests of so many functions or ends that every pair of calls takes minutes:
 * one call a schedule, or fewer items.
 */
export const smaller: Readonly<Record<string, Partial<CheckBounds>>> = {
  "tests/guests/texts/texts": { calls: 1 },
  "tests/guests/callers/callers": { calls: 1 },
  "tests/guests/futures/futures": { calls: 1 },
  "tests/guests/nested/nested": { calls: 1, items: 2 },
  "../silent/call-in-a-scope-while-reading": { calls: 1 },
  "../silent/constant": { calls: 1 },
  "../silent/fetches": { calls: 1 },
  "../silent/give-back-while-reading": { calls: 1, items: 2 },
  "../silent/nest": { calls: 1, items: 2 },
  "../silent/polls": { calls: 1 },
  "../silent/sift": { calls: 1, items: 2 },
  "ends-of-two-types": { calls: 1 },
  "start-ends-of-two-types": { calls: 1, items: 2 },
  "start-read-many-then-write": { calls: 1 },
};

/**
 * Guests in which so much can happen in each wait that a change waits for fewer
 * orders; at night all of them are run.
 */
export const hurried: Readonly<Record<string, Partial<CheckBounds>>> = {
  "tests/guests/texts/texts": { items: 2 },
  "tests/guests/nested/nested": { streams: 1 },
  "tests/guests/counters/counters": { calls: 1 },
  "tests/guests/shapes/shapes": { calls: 1 },
  "tests/guests/wide/wide": { calls: 1 },
  "../silent/nest": { items: 1 },
  "../silent/sift": { items: 1 },
  "pass-an-item-then-read-on": { calls: 1 },
  "start-poll-cancel-write-again": { items: 3 },
  "sync-call-between-reads": { calls: 1 },
  "two-arena-reads-in-flight": { calls: 1 },
};

/** The bounds of the guest `name` in this run. */
export function boundsOf(name: string): CheckBounds {
  return { ...defaultBounds, ...smaller[name], ...(isLong ? {} : hurried[name]) };
}

/** A correct guest. */
export interface KnownGuest {
  readonly name: string;
  readonly prepare: () => Promise<PreparedGuest>;
  /** What it must give, and which of its functions are correct. */
  readonly known: Partial<CheckBounds>;
}

/** All of them. */
export const everyGuest: readonly KnownGuest[] = [
  ...shipped.map((path) => {
    const base = join(packageRoot, path);
    return {
      name: path,
      prepare: () => prepareGuest({ entry: `${base}.ts`, wit: `${base}.wit` }),
      known: { wanted: isCorrect(path), contents: shippedContents(path) },
    };
  }),
  ...[...guestNames, ...silentGuestNames].map((name) => ({
    name,
    prepare: () => gateGuest(name),
    known: { contents: guestContents(name) },
  })),
];
