/** A process that judges mutants of templates. */
import type { Verdict } from "../mutants/court.js";
import { answerWith } from "../pass-mutants/judges.js";
import { type PlacedMutant, templateMutants } from "./bindings-mutants.js";
import { BindingsWitness } from "./bindings-witness.js";
import { boundGuests } from "./bound-guests.js";
import { testFiles } from "./test-files.js";
import { TestsWitness } from "./tests-witness.js";

/** Places where the gate sees nothing are enough: so many are shown to the tests. */
const ENOUGH_PLACES = 2;

const guests = await boundGuests();
const mutants = templateMutants(guests);
const witnesses = new Map<string, Promise<BindingsWitness>>();

function witnessOf(name: string): Promise<BindingsWitness> {
  const made = witnesses.get(name) ?? BindingsWitness.make(guests.find((guest) => guest.name === name)!);
  witnesses.set(name, made);
  return made;
}

/** By the file of tests: two guests are of one. */
const tests = new Map<string, Promise<TestsWitness | null>>();

function testsOf(name: string): Promise<TestsWitness | null> {
  const file = testFiles[name] ?? "";
  const made = tests.get(file) ?? TestsWitness.make(name);
  tests.set(file, made);
  return made;
}

/**
 * A fault of the generator is in every place at once: one place where it is noticed is enough. The gate is
 * asked of all first, because it is faster than the tests. `by` says who noticed, or a place where nobody
 * did.
 */
answerWith(async (index): Promise<Verdict> => {
  const survivors: PlacedMutant[] = [];
  let isSame = false;
  for (const place of mutants[index]!.places) {
    const fate = await (await witnessOf(place.guest)).fateOf(place);
    if (fate === "killed") return { fate, by: place.guest };
    if (fate === "survived" && survivors.push(place) === ENOUGH_PLACES) break;
    isSame ||= fate === "same";
  }
  for (const place of survivors) {
    const fate = await (await testsOf(place.guest))?.fateOf(place);
    if (fate === "killed") return { fate, by: testFiles[place.guest]! };
  }
  const [survivor] = survivors;
  if (survivor) return { fate: "survived", by: `${survivor.guest}: ${survivor.key}` };
  return { fate: isSame ? "same" : "refused", by: "" };
});
