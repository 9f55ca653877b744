/** The guests that mutants are shown to: the gate explores each with the changed library. */
import { join } from "node:path";
import { type PreparedGuest, prepareGuest } from "../../tools/compile/guest-module.js";
import { UserError } from "../../tools/errors/user-error.js";
import { buildCompiled, compileChecking } from "../../tools/gate/instrumentation/checking-module.js";
import { type CheckBounds, defaultBounds, exploreModule } from "../../tools/gate/check-guest.js";
import { GuestRunner } from "../../tools/gate/explore/guest-runner.js";
import type { Contents } from "../../tools/gate/model/contents.js";
import { planWorld } from "../../tools/gate/model/plan.js";
import { packageRoot } from "../../tools/package-root.js";
import { guestContents, shippedContents } from "../gate/contents.js";
import { gateGuest, guestNames, withSource } from "../gate/gate-guests.js";
import { isCorrect } from "../gate/on-purpose.js";
import type { Mutant } from "./mutants.js";
import { type Fate, isAmong, type Witness } from "./witness.js";

/**
 * Schedules of one guest that a mutant is shown at most: a count, not a time, so
 * that a busy machine answers the same.
 */
const SCHEDULES = 20_000;
/** The same for one that is judged to be no fault: there is nothing to be found. */
const BRIEF_SCHEDULES = 2_000;
/** Seconds that no guest comes near to: what ends an exploration is the count. */
const SECONDS = 600;
const bounds: CheckBounds = {
  ...defaultBounds,
  items: 2,
  seconds: SECONDS,
  first: true,
};
/**
 * Guests that need other bounds: an array of two that is filled twice, two
 * resources made into one, many functions.
 */
const own: Readonly<Record<string, Partial<CheckBounds>>> = {
  "collect-then-write-all": { items: 3 },
  "collect-then-resolve": { items: 3 },
  "resources-in-places": { calls: 4 },
  "texts/texts": { calls: 1 },
  "nested/nested": { calls: 1 },
  "futures/futures": { calls: 1 },
  "counters/counters": { calls: 1 },
};
/** Answers of poll that are "nothing yet" in a row. */
const IDLE_POLLS = 2;

/** Guests of `tests/guests` that use what those of `tests/gate/guests` do not. */
const shipped = ["texts", "shapes", "lists", "futures", "nested", "counters"];

/** Every guest that mutants are shown to, compiled once with the library as it is. */
export async function guestWitnesses(): Promise<GuestWitness[]> {
  const gates = guestNames.map(async (name) =>
    GuestWitness.make(name, await gateGuest(name), guestContents(name), { ...bounds, ...own[name] }),
  );
  const others = shipped.map(async (folder) => {
    const path = `tests/guests/${folder}/${folder}`;
    const base = join(packageRoot, path);
    const guest = await prepareGuest({ entry: `${base}.ts`, wit: `${base}.wit` });
    const name = `${folder}/${folder}`;
    const limits = { ...bounds, ...own[name], wanted: isCorrect(path) };
    return GuestWitness.make(name, guest, shippedContents(path), limits);
  });
  return Promise.all([...gates, ...others]);
}

/** A guest, and what of the library is compiled into it. */
export class GuestWitness implements Witness<Mutant> {
  private constructor(
    readonly name: string,
    readonly guest: PreparedGuest,
    readonly contents: Contents,
    readonly bounds: CheckBounds,
    /** The announcing form as asc made it, without positions. */
    readonly code: string,
    readonly places: ReadonlySet<string>,
  ) {}

  /** Compiles the guest with the library as it is. */
  static async make(
    name: string,
    guest: PreparedGuest,
    contents: Contents,
    limits: CheckBounds,
  ): Promise<GuestWitness> {
    const { text } = await compileChecking(guest, "announcing");
    const places = [...text.matchAll(/~lib\/as-rill\/assembly\/([\w/-]+\.ts:\d+):/g)].map(
      ([, place]) => place!,
    );
    return new GuestWitness(name, guest, contents, limits, withoutPositions(text), new Set(places));
  }

  holds(mutant: Mutant): boolean {
    return isAmong(this.places, mutant);
  }

  /** Explores the guest with `mutant` in its library until something is found. */
  async fateOf(mutant: Mutant, brief: boolean): Promise<Fate> {
    const schedules = brief ? BRIEF_SCHEDULES : SCHEDULES;
    return this.explore(withMutant(this.guest, mutant), this.code, schedules);
  }

  /** Whether nothing is found with the library as it is: else it would kill every mutant. */
  async isSilent(): Promise<boolean> {
    return (await this.explore(this.guest, "", BRIEF_SCHEDULES)) === "survived";
  }

  private async explore(guest: PreparedGuest, same: string, schedules: number): Promise<Fate> {
    try {
      const compiled = await compileChecking(guest, "announcing");
      if (withoutPositions(compiled.text) === same) return "same";
      const module = buildCompiled(guest, compiled, "announcing", { optimized: false });
      if (module.sites.some(({ kind }) => kind === "grow")) return "killed";
      const { items, wanted } = this.bounds;
      const runner = new GuestRunner(module, planWorld(guest.world, wanted), {
        items,
        idlePolls: IDLE_POLLS,
      });
      runner.host.expectations.set(this.contents);
      return exploreModule(runner, { ...this.bounds, schedules }).discoveries.length > 0
        ? "killed"
        : "survived";
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return /does not compile/.test(error.message) ? "refused" : "killed";
    }
  }
}

function withMutant(guest: PreparedGuest, { file, text }: Mutant): PreparedGuest {
  return withSource(guest, file, text);
}

/** asc's text without the lines that say where each instruction is from. */
export function withoutPositions(text: string): string {
  return text.replace(/^\s*;;@.*\n/gm, "");
}
