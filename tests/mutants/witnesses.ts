/** The guests that mutants are shown to, each with what of the library is compiled into it. */
import { join } from "node:path";
import { type Compiled, compileGuest } from "../../tools/build/compile.js";
import { ENTRY_NAME, linkGuest, type PreparedGuest, prepareGuest } from "../../tools/build/guest-module.js";
import { withModule } from "../../tools/build/optimize.js";
import { type CheckBounds, defaultBounds } from "../../tools/gate/check-guest.js";
import type { Contents } from "../../tools/gate/model/contents.js";
import { packageRoot } from "../../tools/package-root.js";
import { needsArena } from "../../tools/wit/arena-use.js";
import { guestContents, shippedContents } from "../gate/contents.js";
import { gateGuest, guestNames } from "../gate/gate-guests.js";
import { isCorrect } from "../gate/on-purpose.js";
import type { Mutant } from "./mutants.js";

/** Schedules of one guest that a mutant is shown at most: a count, not a time, so that a busy machine answers the same. */
const SCHEDULES = 20_000;
const bounds: CheckBounds = { ...defaultBounds, items: 2, seconds: 60, schedules: SCHEDULES, first: true };
/** Guests that need other bounds: an array of two that is filled twice, two resources made into one, many functions. */
const own: Readonly<Record<string, Partial<CheckBounds>>> = {
  arrays: { items: 3 },
  total: { items: 3 },
  jars: { calls: 4 },
  "texts/texts": { calls: 1 },
  "nested/nested": { calls: 1 },
  "futures/futures": { calls: 1 },
  "counters/counters": { calls: 1 },
};

/** Guests of `tests/guests` that use what those of `tests/gate/guests` do not. */
const shipped = ["texts", "shapes", "lists", "futures", "nested", "counters"];

/** A guest that mutants are shown to. */
export interface Witness {
  readonly name: string;
  readonly guest: PreparedGuest;
  readonly contents: Contents;
  readonly bounds: CheckBounds;
  /** The announcing form as asc made it, without positions. */
  readonly code: string;
  /** Places of the library that are compiled into it: `file:line`. */
  readonly places: ReadonlySet<string>;
}

/** Every guest. */
export async function allWitnesses(): Promise<Witness[]> {
  const gates = guestNames.map(async (name) => witness(name, await gateGuest(name), guestContents(name)));
  const others = shipped.map(async (name) => {
    const path = `tests/guests/${name}/${name}`;
    const base = join(packageRoot, path);
    const guest = await prepareGuest({ entry: `${base}.ts`, wit: `${base}.wit` });
    return {
      ...(await witness(`${name}/${name}`, guest, shippedContents(path))),
      bounds: { ...bounds, ...own[`${name}/${name}`], wanted: isCorrect(path) },
    };
  });
  return Promise.all([...gates, ...others]);
}

async function witness(name: string, guest: PreparedGuest, contents: Contents): Promise<Witness> {
  const { text } = await compileAnnouncing(guest);
  const places = new Set<string>();
  for (const [, place] of text.matchAll(/~lib\/as-rill\/assembly\/([\w/-]+\.ts:\d+):/g)) places.add(place!);
  return { name, guest, contents, bounds: { ...bounds, ...own[name] }, code: withoutPositions(text), places };
}

/** What asc makes of a guest when the library announces. @throws UserError when it does not compile */
export function compileAnnouncing(guest: PreparedGuest): Promise<Compiled> {
  return compileGuest({
    baseDir: guest.baseDir,
    entryName: ENTRY_NAME,
    entrySource: guest.entrySource,
    virtualFiles: guest.bindings,
    constants: { RILL_CHECK: 1 },
    arena: needsArena(guest.world),
  });
}

/** A module's text without the places that its instructions come from. */
export function withoutPositions(text: string): string {
  return text.replace(/^\s*;;@.*\n/gm, "");
}

/** Whether `mutant` can be in a guest: some place of its function is. What stands outside of functions may be anywhere. */
export function isIn(mutant: Mutant, { places }: Witness): boolean {
  if (!mutant.lines) return true;
  const [from, to] = mutant.lines;
  for (let line = from; line <= to; line++) if (places.has(`${mutant.file}:${String(line)}`)) return true;
  return false;
}

/** The binary that ships. */
export async function releaseOf(guest: PreparedGuest): Promise<Uint8Array> {
  return withModule(withoutPositions(await linkGuest(guest)), (module) => module.emitBinary());
}
