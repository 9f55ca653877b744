/** The change that is on: every build of its guest in this process has it. */
import type { PreparedGuest } from "../../tools/compile/guest-module.js";
import { withSource } from "../gate/gate-guests.js";
import type { PlacedMutant } from "./bindings-mutants.js";

let on: PlacedMutant | null = null;

(globalThis as { rill_changed?: unknown }).rill_changed = (guest: PreparedGuest): PreparedGuest =>
  on?.guest === guest.name ? withSource(guest, on.file, on.text) : guest;

/** What `work` comes to with that change on. */
export async function withChange<T>(change: PlacedMutant | null, work: () => Promise<T>): Promise<T> {
  on = change;
  try {
    return await work();
  } finally {
    on = null;
  }
}
