/** The guests that mutants of the passes are shown to: every correct one, many of them called back too. */
import { join } from "node:path";
import { budgetedExamples } from "../../bench/example-budgets.js";
import { prepareGuest, type WaitStrategy } from "../../tools/compile/guest-module.js";
import { packageRoot } from "../../tools/package-root.js";
import { everyGuest, type KnownGuest } from "../gate/every-guest.js";
import { calledBackGuests } from "../gate/gate-guests.js";

/** One guest in one strategy. */
export interface CorpusGuest {
  readonly known: KnownGuest;
  readonly wait: WaitStrategy;
}

/** Examples that the gate does not explore in its own lane. */
const examples: readonly KnownGuest[] = budgetedExamples()
  .map(({ name, entry, wit }) => ({
    name: `examples/${name}/${name}`,
    prepare: () => prepareGuest({ entry, wit }),
    known: {},
  }))
  .filter(({ name }) => everyGuest.every((known) => known.name !== name));

/** A guest of `tests/guests` that the gate does not explore. */
function other(name: string): KnownGuest {
  const base = join(packageRoot, "tests", "guests", name, name);
  return {
    name: `tests/guests/${name}/${name}`,
    prepare: () => prepareGuest({ entry: `${base}.ts`, wit: `${base}.wit` }),
    known: {},
  };
}

const known: readonly KnownGuest[] = [...everyGuest, ...examples, other("pausing")];

/** Those that are called back: each way to wait, and to wait below a call. */
const calledBack: readonly string[] = [
  "tests/guests/double/double",
  "tests/guests/pausing/pausing",
  "tests/guests/callers/callers",
  "examples/ecg/ecg",
  "examples/imu/imu",
  "examples/names/names",
  ...calledBackGuests,
];

const CALLED_BACK = ", called back";

/** Names of all guests of the corpus. */
export const corpus: readonly string[] = [
  ...known.map(({ name }) => name),
  ...calledBack.map((name) => name + CALLED_BACK),
];

/** The guest of that name. */
export function guestOf(name: string): CorpusGuest {
  const plain = name.replace(CALLED_BACK, "");
  return {
    known: known.find((guest) => guest.name === plain)!,
    wait: plain === name ? "wait" : "callback",
  };
}
