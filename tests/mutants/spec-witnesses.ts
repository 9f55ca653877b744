/**
 * The library's unit specs as witnesses: each file is compiled with the changed
 * library and run in this thread.
 */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { type EncodedSourceMap, TraceMap, eachMapping } from "@jridgewell/trace-mapping";
import { UserError } from "../../tools/errors/user-error.js";
import { packageRoot } from "../../tools/package-root.js";
import { type SpecModule, compileSpec } from "../../tools/spec/compile-spec.js";
import { runModule } from "../../tools/spec/run-module.js";
import type { Mutant } from "./mutants.js";
import { type Fate, isAmong, type Witness } from "./witness.js";

/**
 * Every file of specs, compiled once with the library as it is.
 * @param say is told when a file's tests begin, which may never end, and when they have
 */
export async function specWitnesses(
  say: (what: "tests begin" | "tests end") => void,
): Promise<SpecWitness[]> {
  const files = readdirSync(join(packageRoot, "tests", "unit"))
    .filter((name) => name.endsWith(".spec.ts"))
    .sort();
  const made: SpecWitness[] = [];
  for (const file of files) made.push(await SpecWitness.make(`tests/unit/${file}`, say));
  return made;
}

/** A file of specs, and what of the library is compiled into it. */
export class SpecWitness implements Witness<Mutant> {
  readonly name: string;

  private constructor(
    readonly file: string,
    readonly say: (what: "tests begin" | "tests end") => void,
    readonly binary: Uint8Array,
    readonly places: ReadonlySet<string>,
  ) {
    this.name = `specs/${basename(file, ".spec.ts")}`;
  }

  /** Compiles the file with the library as it is. */
  static async make(file: string, say: (what: "tests begin" | "tests end") => void): Promise<SpecWitness> {
    const module = await compiled(file, null);
    if (!module) throw new Error(`${file} does not compile`);
    const places = new Set<string>();
    eachMapping(new TraceMap(JSON.parse(module.map) as EncodedSourceMap), ({ source, originalLine }) => {
      const path = source && /^\.\/spec\/assembly\/(.*)/.exec(source)?.[1];
      if (path) places.add(`${path}:${originalLine}`);
    });
    if (places.size === 0) throw new Error(`${file} has nothing of the library in it`);
    return new SpecWitness(file, say, module.binary, places);
  }

  holds(mutant: Mutant): boolean {
    return isAmong(this.places, mutant);
  }

  /** Runs the tests with `mutant` in the library. */
  async fateOf(mutant: Mutant): Promise<Fate> {
    const module = await compiled(this.file, mutant);
    if (!module) return "refused";
    if (Buffer.compare(module.binary, this.binary) === 0) return "same";
    return this.passes(module.binary) ? "survived" : "killed";
  }

  /** Whether all tests pass with the library as it is. */
  isSilent(): Promise<boolean> {
    return Promise.resolve(this.passes(this.binary));
  }

  private passes(binary: Uint8Array): boolean {
    const outcomes: string[] = [];
    const events = {
      begins: () => undefined,
      ends: ({ outcome }: { readonly outcome: string }) => void outcomes.push(outcome),
    };
    this.say("tests begin");
    try {
      runModule(binary, events);
    } catch {
      return false;
    } finally {
      this.say("tests end");
    }
    return outcomes.length > 0 && outcomes.every((outcome) => outcome === "passed");
  }
}

/** @returns null when it does not compile */
async function compiled(spec: string, mutant: Mutant | null): Promise<SpecModule | null> {
  const changed = mutant === null ? [] : [[`assembly/${mutant.file}`, mutant.text] as const];
  const files = { baseDir: packageRoot, shownDir: ".", virtualFiles: new Map(changed) };
  try {
    return await compileSpec({ ...files, spec, constants: {}, arena: false });
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
