/** A guest as a witness: built with a mutant on, proved, compared with what it was before the passes. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisesOf } from "../../tools/compile/build-guest.js";
import type { Compiled } from "../../tools/compile/compile.js";
import type { PreparedGuest, WaitStrategy } from "../../tools/compile/guest-module.js";
import { withModule } from "../../tools/compile/optimize.js";
import { proveGuest } from "../../tools/compile/prove.js";
import { type CheckBounds, defaultBounds, requireSame } from "../../tools/gate/check-guest.js";
import { GuestRunner } from "../../tools/gate/explore/guest-runner.js";
import {
  assemble,
  compileChecking,
  type FinalModule,
  finalModule,
} from "../../tools/gate/instrumentation/checking-module.js";
import { planWorld } from "../../tools/gate/model/plan.js";
import { packageRoot } from "../../tools/package-root.js";
import { withoutCustomSections } from "../../tools/wasm/read-module.js";
import { boundsOf, type KnownGuest } from "../gate/every-guest.js";
import type { Fate, Witness } from "../mutants/witness.js";
import { guestOf } from "./corpus.js";
import { allMutants, placeOf } from "./mutated-files.js";
import { startRemembering, stopRemembering } from "./remembered.js";
import { isAbort, placesOf, withMutant } from "./switch.js";
import type { TsMutant } from "./ts-mutants.js";

/** Answers of poll that are "nothing yet" in a row. */
const IDLE_POLLS = 2;

export class GuestWitness implements Witness<TsMutant> {
  private constructor(
    readonly name: string,
    private readonly guest: PreparedGuest,
    private readonly compiled: Compiled,
    private readonly wait: WaitStrategy,
    private readonly bounds: CheckBounds,
    private readonly places: ReadonlySet<number>,
    /** The text of the finished module, as the passes are. */
    private readonly text: string,
    private readonly before: GuestRunner,
    /** Bytes that its budget allows; null where it has none. */
    private readonly limit: number | null,
  ) {}

  /** Compiles and builds the guest as the passes are. @param name in the corpus */
  static async make(name: string): Promise<GuestWitness> {
    const { known, wait } = guestOf(name);
    const guest = await known.prepare();
    const compiled = await compileChecking(guest, "release", { wait });
    const bounds = { ...defaultBounds, ...boundsOf(known.name), ...known.known };
    let made: FinalModule | undefined;
    const places = placesOf(() => {
      startRemembering();
      made = finalModule(guest, compiled, "release", { wait });
      stopRemembering();
    });
    const unchanged = finalModule(guest, compiled, "release", { optimized: false, wait });
    const limit = wait === "wait" ? limitOf(known) : null;
    const before = runnerOf(guest, unchanged, bounds);
    const { text } = made!;
    const witness = new GuestWitness(name, guest, compiled, wait, bounds, places, text, before, limit);
    const complaint = witness.complaint(made!);
    if (complaint !== null) throw new Error(`${name} complains of the build as it is: ${complaint}`);
    return witness;
  }

  holds({ file, lines }: TsMutant): boolean {
    return this.places.has(placeOf(file, lines[0]));
  }

  fateOf(mutant: TsMutant): Promise<Fate> {
    const made = this.built(allMutants.indexOf(mutant) + 1);
    if (made === null) return Promise.resolve("killed");
    if (made.text === this.text) return Promise.resolve("same");
    return Promise.resolve(this.complaint(made) === null ? "survived" : "killed");
  }

  /** @returns null where the build refuses */
  private built(number: number): FinalModule | null {
    try {
      return withMutant(number, () => finalModule(this.guest, this.compiled, "release", { wait: this.wait }));
    } catch (error) {
      if (isAbort(error)) throw error;
      return null;
    }
  }

  /** What the build's judges say of a finished module; null when they have nothing to say. */
  private complaint(made: FinalModule): string | null {
    try {
      if (proveGuest(made.text, promisesOf(this.guest.world)).length > 0) return "a proof";
      const after = runnerOf(this.guest, made, this.bounds);
      if (requireSame(this.before, after, this.bounds.calls).length > 0) return "a wrong pass";
    } catch (error) {
      if (isAbort(error)) throw error;
      return "no module";
    }
    return this.limit !== null && bytesOf(made.text) > this.limit ? "its budget" : null;
  }
}

function runnerOf(
  guest: PreparedGuest,
  made: FinalModule,
  { items, streams, wanted }: CheckBounds,
): GuestRunner {
  const module = assemble(made.text, made.dataEnd, "release", made.lines, made.objects);
  const runner = new GuestRunner(module, planWorld(guest.world, wanted), {
    items,
    streams,
    idlePolls: IDLE_POLLS,
  });
  runner.host.expectations.set(null);
  return runner;
}

/** The bytes that an example may have. */
function limitOf({ name }: KnownGuest): number | null {
  const path = join(packageRoot, name, "..", "budget.json");
  if (!existsSync(path)) return null;
  const { limits } = JSON.parse(readFileSync(path, "utf8")) as {
    readonly limits: { readonly bytes: number };
  };
  return limits.bytes;
}

function bytesOf(text: string): number {
  return withModule(text, (module) => withoutCustomSections(module.emitBinary())).length;
}
