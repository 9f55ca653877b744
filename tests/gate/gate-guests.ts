/** The guests of this folder, as they are or with a change in the library or in their bindings. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type PreparedGuest, prepareGuest } from "../../tools/compile/guest-module.js";
import { type CheckBounds, checkPrepared, defaultBounds } from "../../tools/gate/check-guest.js";
import { UserError } from "../../tools/errors/user-error.js";
import type { RuleName } from "../../tools/gate/rules.js";
import { packageRoot } from "../../tools/package-root.js";

const folder = join(packageRoot, "tests", "gate", "guests");
const prepared = new Map<string, Promise<PreparedGuest>>();

/** Names of all guests of `guests/`. */
export const guestNames: readonly string[] = namesIn(folder);
/**
 * Guests of `silent/`, by their paths from `guests/`: correct ones that no
 * seeded fault and no mutant is tried on.
 */
export const silentGuestNames: readonly string[] = namesIn(join(folder, "..", "silent")).map(
  (name) => `../silent/${name}`,
);
/** Names of all guests of `wrong/`, each of which breaks a rule. */
export const wrongGuestNames: readonly string[] = namesIn(join(folder, "..", "wrong"));

/** Names of the guests that are called back as well: each way to wait, and to wait below a call. */
export const calledBackGuests: readonly string[] = [
  "write-joined-strings",
  "sync-call-between-reads",
  "start-call-then-read",
  "future-string-read-twice",
  "two-calls-cancel-one",
  "start-poll-cancel-write-again",
  "write-to-a-call-then-read",
  "collect-then-resolve",
];

function namesIn(path: string): string[] {
  return readdirSync(path)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => name.slice(0, -".ts".length))
    .sort();
}

/** Worlds that no file of bindings is named for. */
const worlds: Readonly<Record<string, string>> = {
  "resources-in-places": "pantry",
  "../wrong/place-after-release": "pantry",
  "../wrong/place-released-twice": "pantry",
};

/** The guest `name`, read and matched with its world: the one that its bindings are named for. */
export function gateGuest(name: string): Promise<PreparedGuest> {
  let guest = prepared.get(name);
  if (!guest) {
    const entry = join(folder, `${name}.ts`);
    const world = worlds[name] ?? /from "\.\/bindings\/(\w+)"/.exec(readFileSync(entry, "utf8"))![1]!;
    guest = prepareGuest({ entry, wit: join(folder, "gate.wit"), world });
    prepared.set(name, guest);
  }
  return guest;
}

/** The generated module that joins a guest with its world, as a file's name. */
const ENTRY = "entry";

/** The text of a library or bindings file of `guest`, or of its entry. */
export function sourceOf(guest: PreparedGuest, file: string): string {
  if (file === ENTRY) return guest.entrySource;
  return guest.bindings.get(file) ?? readFileSync(join(packageRoot, "assembly", file), "utf8");
}

/** `guest` with another text for one file. */
export function withSource(guest: PreparedGuest, file: string, text: string): PreparedGuest {
  if (file === ENTRY) return { ...guest, entrySource: text };
  const path = guest.bindings.has(file) ? file : `node_modules/as-rill/assembly/${file}`;
  return { ...guest, bindings: new Map([...guest.bindings, [path, text]]) };
}

/** What the gate says first of a changed guest. */
export type Outcome = RuleName | "never-returns" | null;

/** Seconds that a changed guest is explored for at most. */
const SECONDS = 20;

/** Explores a changed guest until the first finding. @returns its rule; null when there is none */
export async function firstRule(guest: PreparedGuest, more: Partial<CheckBounds> = {}): Promise<Outcome> {
  try {
    const bounds = { ...defaultBounds, seconds: SECONDS, first: true, ...more };
    const { findings } = await checkPrepared(guest, bounds, ["announcing"]);
    return findings[0]?.rule ?? null;
  } catch (error) {
    if (error instanceof UserError && error.message.includes("never returns")) return "never-returns";
    throw error;
  }
}
