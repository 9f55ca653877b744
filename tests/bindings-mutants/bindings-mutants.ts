/** Generic mutants of generated code, each of a template of the generator, with places where it stands. */
import { type Mutant, mutantsOf } from "../mutants/mutants.js";
import { type BoundGuest, generatedFiles } from "./bound-guests.js";
import { templateOf } from "./templates.js";

/** One change in one guest. */
export interface PlacedMutant extends Mutant {
  readonly guest: string;
  /** The text of the function that it is in, as it is; of the whole file outside of functions. */
  readonly around: string;
}

/** One change of a template. */
export interface TemplateMutant {
  readonly key: string;
  /** Where it stands: in one guest after the other, so that the first few are of different ones. */
  readonly places: readonly PlacedMutant[];
}

/** Places of a template that are tried, until enough of them change code. */
const MOST_PLACES = 8;

/** All of them, in the order in which guests have them first. */
export function templateMutants(guests: readonly BoundGuest[]): TemplateMutant[] {
  const byKey = new Map<string, PlacedMutant[][]>();
  guests.forEach((bound, index) => {
    for (const mutant of placedMutants(bound)) {
      const key = templateOf(mutant.key);
      const byGuest = byKey.get(key) ?? guests.map(() => []);
      byGuest[index]!.push(mutant);
      byKey.set(key, byGuest);
    }
  });
  return [...byKey].map(([key, byGuest]) => ({ key, places: inTurn(byGuest).slice(0, MOST_PLACES) }));
}

function placedMutants(bound: BoundGuest): PlacedMutant[] {
  return generatedFiles(bound).flatMap(([file, source]) => {
    const lines = source.split("\n");
    return mutantsOf(file, source).map((mutant) => ({
      ...mutant,
      guest: bound.name,
      around: mutant.lines === null ? "" : lines.slice(mutant.lines[0] - 1, mutant.lines[1]).join("\n"),
    }));
  });
}

/** The first of each list, then the second ones, and so on. */
function inTurn<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) =>
    lists.flatMap((list) => list.slice(index, index + 1)),
  ).flat();
}
