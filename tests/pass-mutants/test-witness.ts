/** A file of tests as a witness: run in this process with a mutant on. */
import type { Fate, Witness } from "../mutants/witness.js";
import { takeTests } from "./collected-tests.js";
import { allMutants, placeOf } from "./mutated-files.js";
import { startRemembering, stopRemembering } from "./remembered.js";
import { isAbort, placesOf, withMutant } from "./switch.js";
import { testFiles } from "./test-files.js";
import type { TsMutant } from "./ts-mutants.js";

/** All of them. */
export async function testWitnesses(): Promise<TestWitness[]> {
  const witnesses: TestWitness[] = [];
  for (const name of testFiles) {
    takeTests();
    await import(new URL(`../compile/${name}.js`, import.meta.url).href);
    witnesses.push(new TestWitness(`${name}.ts`, takeTests()));
  }
  return witnesses;
}

export class TestWitness implements Witness<TsMutant> {
  private readonly places: ReadonlySet<number>;

  constructor(
    readonly name: string,
    private readonly tests: readonly (() => unknown)[],
  ) {
    this.places = placesOf(() => {
      startRemembering();
      if (tests.length === 0 || !this.pass(0)) throw new Error(`${name} complains of the build as it is`);
      stopRemembering();
    });
  }

  holds({ file, lines }: TsMutant): boolean {
    return this.places.has(placeOf(file, lines[0]));
  }

  fateOf(mutant: TsMutant): Promise<Fate> {
    return Promise.resolve(this.pass(allMutants.indexOf(mutant) + 1) ? "survived" : "killed");
  }

  private pass(number: number): boolean {
    try {
      withMutant(number, () => {
        for (const test of this.tests)
          if (test() instanceof Promise) throw new TypeError(`${this.name}: a test that is not at once done`);
      });
      return true;
    } catch (error) {
      if (number === 0 || isAbort(error)) throw error;
      return false;
    }
  }
}
