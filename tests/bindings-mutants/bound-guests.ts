/** The guests whose bindings are changed: together they have every kind of thing that is generated. */
import { join } from "node:path";
import { type PreparedGuest, prepareGuest } from "../../tools/compile/guest-module.js";
import type { Contents } from "../../tools/gate/model/contents.js";
import { packageRoot } from "../../tools/package-root.js";
import { shippedContents } from "../gate/contents.js";
import { gateGuest } from "../gate/gate-guests.js";
import { isCorrect } from "../gate/on-purpose.js";

/** A guest, and what is known of it. */
export interface BoundGuest {
  readonly name: string;
  readonly guest: PreparedGuest;
  readonly contents: Contents;
  readonly wanted: (name: string) => boolean;
  readonly calls: number;
  /** Schedules that the gate explores: a count, so that a busy machine answers the same. */
  readonly schedules: number;
}

/** Schedules of a guest whose tests are asked as well, and of a small one that has none. */
const SCHEDULES = 500;
const SCHEDULES_ALONE = 10_000;

/** Guests of `tests/guests`, and how many calls are made one after the other. */
const shipped: Readonly<Record<string, number>> = {
  cases: 2,
  double: 2,
  lists: 2,
  shapes: 2,
  values: 2,
  callers: 1,
  texts: 1,
  counters: 3,
  futures: 1,
  nested: 1,
};

/** Guests of the gate that start calls and give them up, and that wait for several things. */
const ofTheGate: Readonly<Record<string, number>> = {
  "drop-started-calls": 2,
  "wait-any-of-two-reads": 1,
  "start-call-then-read": 1,
};

/** The guest's entry as a file; the others are those of its bindings. */
export const ENTRY = "entry";

export async function boundGuests(): Promise<BoundGuest[]> {
  const ours = Object.entries(shipped).map(async ([name, calls]): Promise<BoundGuest> => {
    const path = `tests/guests/${name}/${name}`;
    const base = join(packageRoot, path);
    const guest = await prepareGuest({ entry: `${base}.ts`, wit: `${base}.wit` });
    return {
      name,
      guest,
      contents: shippedContents(path),
      wanted: isCorrect(path),
      calls,
      schedules: SCHEDULES,
    };
  });
  const gates = Object.entries(ofTheGate).map(async ([name, calls]): Promise<BoundGuest> => ({
    name,
    guest: await gateGuest(name),
    contents: { item: () => undefined, result: () => undefined },
    wanted: () => true,
    calls,
    schedules: SCHEDULES_ALONE,
  }));
  return Promise.all([...ours, ...gates]);
}

/** The generated files of a guest, with their texts. */
export function generatedFiles({ guest }: BoundGuest): [file: string, text: string][] {
  return [...guest.bindings, [ENTRY, guest.entrySource]];
}
