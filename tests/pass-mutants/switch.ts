/** Which mutant is on, and what its code has been through: the names that the changed scripts ask. */

/** Functions that a build of the largest guest enters; more are a recursion without an end. */
const MOST_TURNS = 40_000_000;

/** Whether Binaryen has given up, after which it is of no use to other mutants. */
export function isAbort(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError && error.message.includes("Aborted(");
}

interface Switch {
  rill_mutant: number;
  rill_reach: (place: number) => void;
}

const asked = globalThis as unknown as Switch;
let places = new Set<number>();
let turns = 0;

asked.rill_mutant = 0;
asked.rill_reach = (place) => {
  places.add(place);
  if (asked.rill_mutant !== 0 && ++turns > MOST_TURNS) throw new RangeError("no end");
};

/** What `work` answers with that mutant on. @param number 0 for none */
export function withMutant<T>(number: number, work: () => T): T {
  asked.rill_mutant = number;
  turns = 0;
  try {
    return work();
  } finally {
    asked.rill_mutant = 0;
  }
}

/** The places of the functions that `work` enters. */
export function placesOf(work: () => void): ReadonlySet<number> {
  places = new Set();
  work();
  return places;
}
