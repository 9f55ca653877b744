/**
 * The library's unit specs as witnesses: each file is compiled with the changed
 * library and run in this thread.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename, isAbsolute, join } from "node:path";
import { EmptyReporter, TestContext } from "@as-pect/core";
import { type EncodedSourceMap, TraceMap, eachMapping } from "@jridgewell/trace-mapping";
import { instantiate } from "@assemblyscript/loader";
import asc from "assemblyscript/asc";
import "../../tools/compile/standard-library.js";
import { packageRoot } from "../../tools/package-root.js";
import type { Mutant } from "./mutants.js";
import { type Fate, isAmong, type Witness } from "./witness.js";

/** as-pect's own number of pages for a spec. */
const PAGES = 10;
const settings = join(packageRoot, "as-pect.asconfig.json");

/** What `as-pect.config.js` has. */
interface AspectConfig {
  instantiate(
    memory: WebAssembly.Memory,
    createImports: (...imports: unknown[]) => unknown,
    instantiator: typeof instantiate,
    binary: Uint8Array,
  ): Promise<Parameters<TestContext["run"]>[0]>;
}

interface SpecModule {
  readonly binary: Uint8Array;
  readonly map: string;
}

/**
 * Every file of specs, compiled once with the library as it is.
 * @param say is told when a file's tests begin, which may never end, and when they have
 */
export async function specWitnesses(
  say: (what: "tests begin" | "tests end") => void,
): Promise<SpecWitness[]> {
  const config = (await import(join(packageRoot, "as-pect.config.js"))) as { default: AspectConfig };
  const files = readdirSync(join(packageRoot, "tests", "unit"))
    .filter((name) => name.endsWith(".spec.ts"))
    .sort();
  const made: SpecWitness[] = [];
  for (const file of files) made.push(await SpecWitness.make(`tests/unit/${file}`, config.default, say));
  return made;
}

/** A file of specs, and what of the library is compiled into it. */
export class SpecWitness implements Witness {
  readonly name: string;

  private constructor(
    readonly file: string,
    readonly config: AspectConfig,
    readonly say: (what: "tests begin" | "tests end") => void,
    readonly binary: Uint8Array,
    readonly places: ReadonlySet<string>,
  ) {
    this.name = `specs/${basename(file, ".spec.ts")}`;
  }

  /** Compiles the file with the library as it is. */
  static async make(
    file: string,
    config: AspectConfig,
    say: (what: "tests begin" | "tests end") => void,
  ): Promise<SpecWitness> {
    const module = await compileSpec(file, null);
    if (!module) throw new Error(`${file} does not compile`);
    const places = new Set<string>();
    eachMapping(new TraceMap(JSON.parse(module.map) as EncodedSourceMap), ({ source, originalLine }) => {
      const path = source && /^\.\/output\/assembly\/(.*)/.exec(source)?.[1];
      if (path) places.add(`${path}:${originalLine}`);
    });
    if (places.size === 0) throw new Error(`${file} has nothing of the library in it`);
    return new SpecWitness(file, config, say, module.binary, places);
  }

  holds(mutant: Mutant): boolean {
    return isAmong(this.places, mutant);
  }

  /** Runs the tests with `mutant` in the library. */
  async fateOf(mutant: Mutant): Promise<Fate> {
    const module = await compileSpec(this.file, mutant);
    if (!module) return "refused";
    if (Buffer.compare(module.binary, this.binary) === 0) return "same";
    return (await this.passes(module.binary)) ? "survived" : "killed";
  }

  /** Whether all tests pass with the library as it is. */
  isSilent(): Promise<boolean> {
    return this.passes(this.binary);
  }

  private async passes(binary: Uint8Array): Promise<boolean> {
    this.say("tests begin");
    const context = new TestContext({ reporter: new EmptyReporter(), binary, fileName: this.file });
    const memory = new WebAssembly.Memory({ initial: PAGES });
    const imports = (...parts: unknown[]): unknown => context.createImports(...parts);
    try {
      context.run(await this.config.instantiate(memory, imports, instantiate, binary));
    } catch {
      return false;
    } finally {
      this.say("tests end");
    }
    return context.pass && context.testPassCount > 0;
  }
}

/** @returns null when it does not compile */
async function compileSpec(file: string, mutant: Mutant | null): Promise<SpecModule | null> {
  const changed = mutant && join(packageRoot, "assembly", mutant.file);
  const written = new Map<string, string | Uint8Array>();
  const options = [
    file,
    "--baseDir",
    packageRoot,
    "--config",
    settings,
    "--target",
    "noCoverage",
    "--sourceMap",
  ];
  const { error } = await asc.main(options, {
    readFile: (name, baseDir) => {
      const path = isAbsolute(name) ? name : join(baseDir, name);
      if (mutant && path === changed) return mutant.text;
      try {
        return readFileSync(path, "utf8");
      } catch {
        return null;
      }
    },
    writeFile: (name, contents) => {
      written.set(basename(name), contents);
    },
    listFiles: () => [],
  });
  if (error) return null;
  return {
    binary: written.get("output.wasm") as Uint8Array,
    map: written.get("output.wasm.map") as string,
  };
}
