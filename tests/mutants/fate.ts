/** What becomes of one mutant of the guest library: killed by the gate on some guest, or not. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../tools/errors/user-error.js";
import { ENTRY_NAME, type PreparedGuest, prepareGuest } from "../../tools/build/guest-module.js";
import { compileGuest } from "../../tools/build/compile.js";
import { buildChecking } from "../../tools/gate/build/checking-module.js";
import { type CheckBounds, defaultBounds, exploreModule } from "../../tools/gate/check-guest.js";
import { GuestRunner } from "../../tools/gate/explore/guest-runner.js";
import type { Contents } from "../../tools/gate/model/host.js";
import { planWorld } from "../../tools/gate/model/plan.js";
import { packageRoot } from "../../tools/package-root.js";
import { needsArena } from "../../tools/wit/arena-use.js";
import { guestContents, shippedContents } from "../gate/contents.js";
import { gateGuest, guestNames, withSource } from "../gate/gate-guests.js";
import { type Mutant, mutantsOf } from "./mutants.js";

/** How far mutants are looked at: less than the library itself, because there are many. */
const bounds: CheckBounds = { ...defaultBounds, items: 2, seconds: 5, first: true };
/** Guests that need more: an array of two that is filled twice, two resources made into one. */
const wider: Readonly<Record<string, Partial<CheckBounds>>> = {
  arrays: { items: 3 },
  total: { items: 3 },
  jars: { calls: 4 },
};
/** Answers of poll that are "nothing yet" in a row. */
const IDLE_POLLS = 2;

/** `refused`: the changed library does not compile. */
export type Fate = "killed" | "survived" | "refused";

/** A guest that mutants are shown to. */
interface Witness {
  readonly name: string;
  readonly guest: PreparedGuest;
  readonly contents: Contents;
  /** Places of the library that are compiled into it: `file:line`. */
  readonly places: ReadonlySet<string>;
}

/** Guests of `tests/guests` that use what those of `tests/gate/guests` do not. */
const shipped = ["texts", "shapes", "lists"];

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

/** Every guest, with what of the library it holds. */
export async function witnesses(): Promise<Witness[]> {
  const own = guestNames.map(async (name): Promise<Witness> =>
    witness(name, await gateGuest(name), guestContents(name)),
  );
  const others = shipped.map(async (name): Promise<Witness> => {
    const path = `tests/guests/${name}/${name}`;
    const base = join(packageRoot, path);
    return witness(
      name,
      await prepareGuest({ entry: `${base}.ts`, wit: `${base}.wit` }),
      shippedContents(path),
    );
  });
  return Promise.all([...own, ...others]);
}

async function witness(name: string, guest: PreparedGuest, contents: Contents): Promise<Witness> {
  const { text } = await compileGuest({
    baseDir: guest.baseDir,
    entryName: ENTRY_NAME,
    entrySource: guest.entrySource,
    virtualFiles: guest.bindings,
    arena: needsArena(guest.world),
  });
  const places = new Set<string>();
  for (const [, place] of text.matchAll(/~lib\/as-rill\/assembly\/([\w/-]+\.ts:\d+):/g)) places.add(place!);
  return { name, guest, contents, places };
}

/** Whether `mutant` can be in a guest: some place of its function is. What stands outside of functions may be anywhere. */
function isIn(mutant: Mutant, { places }: Witness): boolean {
  if (!mutant.lines) return true;
  const [from, to] = mutant.lines;
  for (let line = from; line <= to; line++) if (places.has(`${mutant.file}:${String(line)}`)) return true;
  return false;
}

/** Runs the guests that hold `mutant`, one after the other, until one is killed. */
export async function fateOf(mutant: Mutant, all: readonly Witness[]): Promise<Fate> {
  for (const candidate of all) {
    if (!isIn(mutant, candidate)) continue;
    const fate = await fateOn(mutant, candidate);
    if (fate !== "survived") return fate;
  }
  return "survived";
}

/** Whether the guest is silent as it is: one that is not would kill every mutant. */
export async function isSilent(candidate: Witness): Promise<boolean> {
  return (await fateOfBuild(candidate.guest, candidate)) === "survived";
}

function fateOn({ file, text }: Mutant, candidate: Witness): Promise<Fate> {
  return fateOfBuild(withSource(candidate.guest, file, text), candidate);
}

async function fateOfBuild(changed: PreparedGuest, { name, contents }: Witness): Promise<Fate> {
  try {
    const module = await buildChecking(changed, "announcing", { optimized: false });
    if (module.sites.some(({ kind }) => kind === "grow")) return "killed";
    const own = { ...bounds, ...wider[name] };
    const runner = new GuestRunner(module, planWorld(changed.world), {
      items: own.items,
      idlePolls: IDLE_POLLS,
    });
    runner.host.contents = contents;
    return exploreModule(runner, own).discoveries.length > 0 ? "killed" : "survived";
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return /does not compile/.test(error.message) ? "refused" : "killed";
  }
}
