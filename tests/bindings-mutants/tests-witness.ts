/** The tests of bindings as witnesses: run in this process, with a change in the guest that they build. */
import fc from "fast-check";
import type { Fate } from "../mutants/witness.js";
import type { PlacedMutant } from "./bindings-mutants.js";
import { withChange } from "./changed-guest.js";
import { type Collected, takeTests } from "./collected-tests.js";
import { testFiles } from "./test-files.js";

// One random value that is wrong will do: the smallest is not looked for.
fc.configureGlobal({ endOnFailure: true, seed: 20261123 });

/** A file of tests. */
export class TestsWitness {
  private constructor(private readonly collected: Collected) {}

  /** The tests that run the guest `name`; null when there are none. */
  static async make(name: string): Promise<TestsWitness | null> {
    const file = testFiles[name];
    if (file === undefined) return null;
    takeTests();
    await import(new URL(`../bindgen/${file}.js`, import.meta.url).href);
    const made = new TestsWitness(takeTests());
    if ((await made.run(null)) !== null) throw new Error(`${file} fails with the bindings as they are`);
    return made;
  }

  async fateOf(mutant: PlacedMutant): Promise<Fate> {
    return (await this.run(mutant)) === null ? "survived" : "killed";
  }

  /** @returns why a test has failed; null when none has */
  private async run(mutant: PlacedMutant | null): Promise<unknown> {
    const context = { diagnostic: () => undefined, skip: () => undefined };
    const { before, tests, after } = this.collected;
    return withChange(mutant, async () => {
      try {
        for (const body of [...before, ...tests]) await body(context);
        return null;
      } catch (error) {
        return error ?? "failed";
      } finally {
        for (const body of after) await body(context);
      }
    });
  }
}
