/** What becomes of one mutant of the guest library: killed by the gate on some guest, by the unit specs, or by nobody. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../tools/errors/user-error.js";
import type { PreparedGuest } from "../../tools/build/guest-module.js";
import { buildCompiled } from "../../tools/gate/build/checking-module.js";
import { exploreModule } from "../../tools/gate/check-guest.js";
import { GuestRunner } from "../../tools/gate/explore/guest-runner.js";
import { planWorld } from "../../tools/gate/model/plan.js";
import { packageRoot } from "../../tools/package-root.js";
import { withSource } from "../gate/gate-guests.js";
import { type Mutant, mutantsOf } from "./mutants.js";
import { type SpecFolder, specsFail } from "./unit-specs.js";
import { compileAnnouncing, isIn, releaseOf, type Witness, withoutPositions } from "./witnesses.js";

/** Answers of poll that are "nothing yet" in a row. */
const IDLE_POLLS = 2;

/**
 * `same`: it is in some guest, and the binary of each guest is that of the library as it is, byte for byte; the unit specs pass.
 * `refused`: the changed library does not compile.
 */
export type Fate = "killed" | "survived" | "same" | "refused";

/** Files of the library that do something at run time, relative to `assembly/`. */
export function mutatedFiles(): string[] {
  return readdirSync(join(packageRoot, "assembly"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !["check.ts", "index.ts"].includes(file))
    .sort();
}

/** All mutants of the library. */
export function allMutants(): Mutant[] {
  return mutatedFiles().flatMap((file) =>
    mutantsOf(file, readFileSync(join(packageRoot, "assembly", file), "utf8")),
  );
}

/** Shows mutants to guests and specs. Which guest comes first changes with what has killed before, the fates do not. */
export class Court {
  readonly #kills = new Map<string, number>();
  readonly #releases = new Map<Witness, Promise<Uint8Array>>();

  constructor(
    readonly witnesses: readonly Witness[],
    readonly specs: SpecFolder,
  ) {}

  /** Runs the guests that hold `mutant`, one after the other, until one is killed; then the specs. */
  async fateOf(mutant: Mutant): Promise<Fate> {
    const changed: Witness[] = [];
    const holding = this.#inOrder(mutant);
    for (const candidate of holding) {
      const fate = await fateOn(mutant, candidate);
      if (fate === "killed") this.#note(mutant, candidate);
      if (fate === "killed" || fate === "refused") return fate;
      if (fate === "survived") changed.push(candidate);
    }
    if (specsFail(this.specs, mutant)) return "killed";
    if (holding.length > 0 && (await this.#ships(mutant, changed))) return "same";
    return "survived";
  }

  /** Whether every guest ships as it does with the library as it is. */
  async #ships(mutant: Mutant, changed: readonly Witness[]): Promise<boolean> {
    for (const candidate of changed) {
      let release = this.#releases.get(candidate);
      if (!release) this.#releases.set(candidate, (release = releaseOf(candidate.guest)));
      const own = await releaseOf(withMutant(candidate.guest, mutant));
      if (Buffer.compare(own, await release) !== 0) return false;
    }
    return true;
  }

  #inOrder(mutant: Mutant): Witness[] {
    const kills = ({ name }: Witness): number =>
      1000 * (this.#kills.get(`${placeOf(mutant)} ${name}`) ?? 0) + (this.#kills.get(name) ?? 0);
    return this.witnesses
      .filter((candidate) => isIn(mutant, candidate))
      .sort((a, b) => kills(b) - kills(a) || a.places.size - b.places.size);
  }

  #note(mutant: Mutant, { name }: Witness): void {
    for (const key of [name, `${placeOf(mutant)} ${name}`])
      this.#kills.set(key, (this.#kills.get(key) ?? 0) + 1);
  }
}

/** Whether the guest is silent as it is: one that is not would kill every mutant. */
export async function isSilent(candidate: Witness): Promise<boolean> {
  return (await exploreOn(candidate.guest, candidate)) === "survived";
}

function placeOf({ file, lines }: Mutant): string {
  return `${file}:${String(lines?.[0])}`;
}

function withMutant(guest: PreparedGuest, { file, text }: Mutant): PreparedGuest {
  return withSource(guest, file, text);
}

async function fateOn(mutant: Mutant, candidate: Witness): Promise<Fate> {
  return exploreOn(withMutant(candidate.guest, mutant), candidate, candidate.code);
}

/** @param code what asc makes of the library as it is: the same code has the same fate */
async function exploreOn(changed: PreparedGuest, candidate: Witness, code = ""): Promise<Fate> {
  try {
    const compiled = await compileAnnouncing(changed);
    if (withoutPositions(compiled.text) === code) return "same";
    const module = buildCompiled(changed, compiled, "announcing", { optimized: false });
    if (module.sites.some(({ kind }) => kind === "grow")) return "killed";
    const { bounds, contents } = candidate;
    const runner = new GuestRunner(module, planWorld(changed.world, bounds.wanted), {
      items: bounds.items,
      idlePolls: IDLE_POLLS,
    });
    runner.host.contents = contents;
    return exploreModule(runner, bounds).discoveries.length > 0 ? "killed" : "survived";
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return /does not compile/.test(error.message) ? "refused" : "killed";
  }
}
